// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/redis/redisconfig.h"
#include "core/services/redisservice.h"

#include <memory>

namespace Rollcall {

class EmbeddedRedis;
class Metrics;
class RedisInspection;
class RedisLoopback;
class RedisMetrics;

/// The node's RedisService: the two connections, what is checked after every connect, and the
/// embedded server.
///
/// Up means: both connections answer, every subscription is confirmed, and the server was inspected
/// (clock, schema).
class ROLLCALL_CORE_EXPORT RedisHub : public RedisService
{
    Q_OBJECT
public:
    /// `clock` and `metrics` must outlive the hub. `nodeName` tells the nodes of one Redis apart.
    RedisHub(const RedisConfig &config, Clock &clock, Metrics &metrics, QByteArray nodeName,
             QObject *parent = nullptr);
    ~RedisHub() override;

    /// Once. Starts the embedded server, if it is to be one, and keeps connecting. Without a
    /// redis-server program the node runs in memory (isConfigured() is false from here on), with a
    /// warning. Error: a setting is wrong.
    Result<void> start();
    /// Closes the connections, and asks the embedded server to end.
    void stop();

    bool isConfigured() const override;
    bool isUp() const override;
    QString downReason() const override;
    RedisClient *client() override { return m_client.get(); }
    RedisSubscriber *subscriber() override { return m_subscriber.get(); }
    qint64 clockOffsetMs() const override { return m_clockOffsetMs; }
    QByteArray key(QByteArrayView name) const override;
    std::chrono::milliseconds requestDeadline() const override { return m_config.requestDeadline; }

    /// Empty unless embedded.
    QString embeddedSocketPath() const;
    quint64 embeddedRestarts() const;
    /// Why this Redis must not be used at all; empty if it may.
    QString fatalReason() const { return m_fatalReason; }
    /// For logs, without the password.
    QString displayName() const;

Q_SIGNALS:
    /// The data in this Redis is not ours (see fatalReason()): the host should say so and end. The
    /// connections are closed already.
    void fatal(const QString &reason);

private:
    Result<void> startEmbedded();
    void connectBoth();
    void handleConnectionUp();
    void handleConnectionDown(const QString &reason);
    void inspect();
    void giveUp(const QString &reason);

    RedisConfig m_config;
    Clock &m_clock;
    Metrics &m_metrics;
    const QByteArray m_nodeName;

    std::unique_ptr<EmbeddedRedis> m_embedded;
    std::unique_ptr<RedisClient> m_client;
    std::unique_ptr<RedisSubscriber> m_subscriber;
    std::unique_ptr<RedisInspection> m_inspection;
    std::unique_ptr<RedisLoopback> m_loopback;
    std::unique_ptr<RedisMetrics> m_redisMetrics;
    std::unique_ptr<ClockTimer> m_inspectTimer;
    bool m_isUp = false;
    bool m_isStopped = true;
    QString m_fatalReason;
    QString m_warning;
    qint64 m_clockOffsetMs = 0;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QByteArray>
#include <QObject>

#include <chrono>

namespace Rollcall {

class RedisClient;
class RedisSubscriber;

/// The node's connections to Redis. Provided by the host, from the `redis` section.
class ROLLCALL_CORE_EXPORT RedisService : public QObject
{
    Q_OBJECT
public:
    static constexpr const char *kServiceName = "RedisService";
    using QObject::QObject;

    /// False: there is no Redis at all (embedded mode without redis-server): one node, memory only.
    virtual bool isConfigured() const = 0;
    /// Both connections have answered a PING since they were made and keep answering. No longer
    /// true when the commands that were lost with a connection are told of it, before down().
    virtual bool isUp() const = 0;
    /// Why not, for /ready and logs; empty when up.
    virtual QString downReason() const = 0;

    /// Null when not configured. Owned by the service.
    virtual RedisClient *client() = 0;
    virtual RedisSubscriber *subscriber() = 0;
    /// The answer of Redis' TIME minus the local wall clock, in ms, measured at every connect.
    virtual qint64 clockOffsetMs() const = 0;
    /// `redis.prefix` + key.
    virtual QByteArray key(QByteArrayView name) const = 0;
    /// How long a question of a user may wait for Redis (`redis.requestDeadline`).
    virtual std::chrono::milliseconds requestDeadline() const = 0;

Q_SIGNALS:
    /// After every connect, also a very short loss: whoever projects state must resynchronise.
    void up();
    void down(const QString &reason);
};

} // namespace Rollcall

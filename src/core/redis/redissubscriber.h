// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/export.h"

#include <QByteArray>
#include <QObject>

#include <functional>
#include <memory>

namespace Rollcall {

struct RedisOptions;

/// One connection to Redis for subscriptions. Channels are subscribed again after every reconnect.
///
/// RESP2: a subscribed connection answers PING, so liveness works as on the command connection.
class ROLLCALL_CORE_EXPORT RedisSubscriber : public QObject
{
    Q_OBJECT
public:
    using MessageHandler =
        std::function<void(const QByteArray &channel, const QByteArray &message)>;

    RedisSubscriber(const RedisOptions &options, Clock &clock, QObject *parent = nullptr);
    ~RedisSubscriber() override;

    void start();
    /// Closes; the subscriptions stay for the next start(). No down() follows.
    void stop();
    /// Drops the connection and makes a new one.
    void reconnect(const QString &reason);
    bool isUp() const;
    QString downReason() const;

    /// The subscription lives until unsubscribe() with the same context, or the context's death.
    /// Several contexts may share a channel. `confirmed` (may be empty) runs once the server has
    /// confirmed it, at once if it has already; after an outage it is not called again. Subscribing
    /// again replaces the handler.
    void subscribe(const QByteArray &channel, QObject *context, MessageHandler handler,
                   std::function<void()> confirmed = {});
    void unsubscribe(const QByteArray &channel, QObject *context);

    /// When the last message of any channel came, or the subscriber came up.
    Clock::SteadyTime lastMessageAt() const;
    /// Connections that got up, since the subscriber was made.
    quint64 connects() const;

Q_SIGNALS:
    /// The connection is made and every channel confirmed.
    void up();
    void down(const QString &reason);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace Rollcall

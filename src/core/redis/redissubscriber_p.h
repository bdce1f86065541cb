// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/redisconnection_p.h"
#include "core/redis/redissubscriber.h"

#include <QHash>
#include <QSet>

#include <memory>
#include <vector>

namespace Rollcall {

/// Who listens to which channel, and what the server has confirmed of it.
class RedisSubscriber::Private : public RedisConnection::Handler
{
public:
    Private(RedisSubscriber &subscriber, const RedisOptions &options, Clock &clock);

    void subscribe(const QByteArray &name, QObject *context, MessageHandler handler,
                   std::function<void()> confirmed);
    void unsubscribe(const QByteArray &name, QObject *context);
    void forgetConnection();

    void handleReady() override;
    void handleReply(RedisReply &&reply) override;
    void handlePingDue() override;
    void handleLost(const QString &reason) override;

    RedisSubscriber &q;
    Clock &clock;
    RedisConnection connection;
    bool isUp = false;
    quint64 connects = 0;
    Clock::SteadyTime lastMessageAt;

private:
    struct Listener
    {
        QObject *context; // alive as long as isActive
        MessageHandler handler;
        std::function<void()> confirmed; // empty once it has run
        bool isActive = true;
    };
    /// Shared with the dispatch that is running, because a handler may unsubscribe itself or
    /// others.
    using ListenerPointer = std::shared_ptr<Listener>;
    struct Channel
    {
        std::vector<ListenerPointer> listeners; // none: waiting for the answer to UNSUBSCRIBE
        int unanswered = 0; // requests sent on this connection
        bool isConfirmed = false;
        bool isWanted() const { return !listeners.empty(); }
    };

    void request(QByteArrayView command, std::span<const QByteArray> names);
    void leave(const QByteArray &name, QObject *context);
    void forgetContext(QObject *context);
    void confirm(const QByteArray &name);
    void confirmLater(const QByteArray &name);
    void runConfirmed(const QByteArray &name);
    void dispatch(const QByteArray &name, const QByteArray &message);
    void becomeUpWhenConfirmed();

    QHash<QByteArray, Channel> m_channels;
    QHash<QObject *, QSet<QByteArray>> m_contexts; // what each listens to
    int m_unanswered = 0; // the sum over all channels
    std::unique_ptr<ClockTimer> m_confirmTimer;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/redisclient.h"
#include "core/redis/redisconnection_p.h"

#include <deque>
#include <queue>
#include <vector>

namespace Rollcall {

/// Keeps what is unanswered in the order of the replies, and its deadlines in a heap under one
/// timer.
class RedisClient::Private : public RedisConnection::Handler
{
public:
    Private(RedisClient &client, const RedisOptions &options, Clock &clock);

    void enqueue(std::span<const QByteArrayView> arguments, QObject *context,
                 RedisCallback callback, std::chrono::milliseconds deadline);
    /// Either `callback` takes the only reply, or `batchCallback` takes all of them.
    void enqueue(const RedisBatch &batch, QObject *context, RedisCallback callback,
                 RedisBatchCallback batchCallback, std::chrono::milliseconds deadline);
    void failUnanswered(const QString &reason);
    size_t inFlight() const { return m_inFlight; }

    void handleReady() override;
    void handleReply(RedisReply &&reply) override;
    void handlePingDue() override;
    void handleLost(const QString &reason) override;

    RedisClient &q;
    Clock &clock;
    RedisConnection connection;
    RedisStatistics statistics;

private:
    struct Replies
    {
        RedisBatchCallback callback;
        std::vector<RedisReply> replies;
        size_t size = 0;
    };
    struct Pending
    {
        RedisCallback callback; // empty: nobody waits, or the deadline has passed
        std::unique_ptr<Replies> replies; // the same, of a batch
        size_t unanswered = 1; // commands
        QPointer<QObject> context;
        bool hasContext = false;
        bool isPing = false;
        bool isQuiet = false; // of send(): its errors are logged
        bool isAwaited() const { return callback || replies; }
    };
    struct Deadline
    {
        Clock::SteadyTime at;
        quint64 sequence;
        bool operator>(const Deadline &other) const { return at > other.at; }
    };

    QString refusal() const;
    void push(Pending pending, std::chrono::milliseconds deadline);
    void failLater(Pending pending, const QByteArray &reason);
    void deliverFailures();
    void expire();
    void noteError(const RedisReply &reply, bool isQuiet);
    static void run(Pending &pending, const RedisReply &reply);

    std::deque<Pending> m_pending;
    size_t m_inFlight = 0; // commands of m_pending
    quint64 m_firstSequence = 0; // of m_pending.front()
    std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> m_deadlines;
    std::unique_ptr<ClockTimer> m_deadlineTimer;
    Clock::SteadyTime m_deadlineTimerDue;
    std::vector<std::pair<Pending, QByteArray>> m_failures; // to be delivered from the event loop
    std::vector<QByteArray> m_loggedErrors;
};

} // namespace Rollcall

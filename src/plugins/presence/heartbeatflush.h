// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/presencestore.h"
#include "plugins/presence/storecontext.h"

#include <map>
#include <unordered_map>
#include <unordered_set>

namespace Rollcall::Presence {

/// Keeps the keys of this node's users alive in Redis: heartbeats are collected and written
/// together, with plain pipelined commands.
///
/// However many heartbeats there are, a user is written once four fifths of the TTL or of their
/// key's life have passed, with the deadline of that moment: no key dies before the node's own.
class HeartbeatFlush final : public QObject
{
    Q_OBJECT
public:
    /// `source` knows the deadlines.
    HeartbeatFlush(StoreContext &context, const SeatSource &source, QObject *parent = nullptr);

    /// JOIN has written the user, with this deadline. Their other seats, if they wait to be
    /// verified, still do.
    void setJoined(const UserId &user, Clock::SteadyTime deadline);
    /// A seat of the user is being restored, with this deadline.
    void setWritten(const UserId &user, Clock::SteadyTime deadline);
    void forget(const UserId &user);
    /// The user's deadline has moved on.
    void refresh(const UserId &user, std::chrono::milliseconds ttl);
    /// Writes these users now, to find out whether their keys are there.
    void verify(const std::vector<UserId> &users);
    /// After verify(): everything is written.
    bool isIdle() const { return !m_isBusy && m_dirty.empty(); }
    void stop();

Q_SIGNALS:
    /// The user's key had vanished from Redis, or a room's: write their seats again.
    void userVanished(const Rollcall::UserId &user);
    /// What Redis says of this seat's grace is not true: note it again.
    void graceDiffered(const Rollcall::Presence::SeatRecord &seat);
    void idle();

private:
    struct Written
    {
        Clock::SteadyTime at;
        Clock::SteadyTime until; // the key dies
        std::optional<Clock::SteadyTime> roomKeysAt; // null: it is not known that they are there
        bool isScheduled = false;
    };
    struct Pending
    {
        UserId user;
        Clock::SteadyTime until;
        bool hasRoomKeys = false;
    };

    using Scores = std::vector<std::pair<qint64, QByteArray>>;

    static Clock::SteadyTime dueOf(const Written &written);
    void schedule(const UserId &user, Written &written);
    void takeScheduled();
    void tick();
    void flush();
    size_t write(const UserId &user, const std::vector<SeatRecord> &seats);
    void writeScores(const QByteArray &key, std::initializer_list<QByteArrayView> options,
                     Scores scores);
    void handleReply(size_t index, const RedisReply &reply);
    void confirmVanished(const UserId &user, bool mayBeEndless);
    void finishBatch();

    StoreContext &m_context;
    const SeatSource &m_source;
    std::unordered_map<UserId, Written> m_written;
    std::unordered_set<UserId> m_dirty; // taken from its front in constant time, unlike a QSet
    std::map<Clock::SteadyTime, std::vector<UserId>>
        m_scheduled; // by the end of the flush interval they fall into
    std::unique_ptr<ClockTimer> m_timer;
    std::vector<Pending> m_batch; // being written
    Clock::SteadyTime m_startedAt;
    size_t m_unanswered = 0;
    size_t m_flushed = 0; // users since the flush began
    bool m_isBusy = false;
};

} // namespace Rollcall::Presence

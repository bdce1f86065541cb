// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/presencestore.h"
#include "plugins/presence/storecontext.h"

#include <deque>

namespace Rollcall::Presence {

class HeartbeatFlush;

/// Makes Redis hold what this node holds, after an outage: reads the node's own sets, joins what is
/// missing, lets go what is too much, and has the rest checked. In batches, so that others get
/// their turn.
class Resynchronizer final : public QObject
{
    Q_OBJECT
public:
    using Done = std::function<void()>;
    /// How seats are written; each runs `done` with the reply, whatever it is.
    struct Writer
    {
        std::function<void(const SeatRecord &seat, Done done)> join;
        std::function<void(const RoomId &room, const UserId &user, LeaveReason reason, Done done)>
            leave;
    };

    Resynchronizer(StoreContext &context, const SeatSource &source, HeartbeatFlush &flush,
                   Writer writer, QObject *parent = nullptr);

    /// A leave that could not be written: its reason is told when it can.
    void noteMissedLeave(const RoomId &room, const UserId &user, LeaveReason reason);
    /// Begins again if it is running. `keepsSurplus`: seats that are not held any more stay as they
    /// are.
    void start(std::chrono::milliseconds delay, bool keepsSurplus);
    void stop();
    bool isRunning() const { return m_isRunning; }

Q_SIGNALS:
    void finished();

private:
    struct Operation
    {
        RoomId room;
        UserId user;
        bool isJoin = false;
    };

    void readRooms();
    void readNextRooms();
    void compare(const RoomId &room, const RedisReply &reply);
    void readMembers();
    void compareMember(const Operation &seat, const RedisReply &json);
    void writeNext();
    void verify();
    void finish();

    StoreContext &m_context;
    const SeatSource &m_source;
    HeartbeatFlush &m_flush;
    Writer m_writer;
    std::unique_ptr<ClockTimer> m_timer;
    QHash<std::pair<RoomId, UserId>, LeaveReason> m_missedLeaves;
    std::vector<RoomId> m_rooms; // still to read
    std::deque<Operation> m_operations; // still to do
    std::vector<Operation> m_written; // in the sets; what is written of them is still to compare
    std::vector<UserId> m_present;
    Clock::SteadyTime m_startedAt;
    size_t m_unanswered = 0;
    size_t m_changes = 0;
    quint64 m_run = 0; // callbacks of earlier runs are ignored
    bool m_isRunning = false;
    bool m_keepsSurplus = false;
    bool m_isVerifying = false;
};

} // namespace Rollcall::Presence

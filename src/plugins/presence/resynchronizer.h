// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/presencestore.h"
#include "plugins/presence/storecontext.h"

#include <deque>
#include <unordered_map>

namespace Rollcall::Presence {

class HeartbeatFlush;
class SeatRestorer;
class SeatWriter;

/// Makes Redis hold what this node holds, after an outage: reads the node's own sets, restores what
/// is missing, lets go what is too much, and has the rest checked. A part at a time, so that others
/// get their turn.
class Resynchronizer final : public QObject
{
    Q_OBJECT
public:
    Resynchronizer(StoreContext &context, const SeatSource &source, HeartbeatFlush &flush,
                   SeatWriter &writer, SeatRestorer &restorer, QObject *parent = nullptr);

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
    struct Seat
    {
        RoomId room;
        UserId user;
    };
    /// Seats of one room that Redis and this node did not agree on when they were compared.
    struct Part
    {
        RoomId room;
        std::vector<UserId> users;
        bool isLast = false; // of the room
        bool isOneByOne = false;
    };

    void readRooms();
    void readNextRooms();
    void compare(const RoomId &room, const RedisReply &reply);
    void readMembers();
    void compareMember(const Seat &seat, const RedisReply &json);
    void plan();
    void writeNext();
    void write(const Part &part);
    void handleWritten(size_t seats);
    void verify();
    void finish();

    StoreContext &m_context;
    const SeatSource &m_source;
    HeartbeatFlush &m_flush;
    SeatWriter &m_writer;
    SeatRestorer &m_restorer;
    std::unique_ptr<ClockTimer> m_timer;
    QHash<std::pair<RoomId, UserId>, LeaveReason> m_missedLeaves;
    std::vector<RoomId> m_rooms; // still to read
    std::unordered_map<RoomId, std::vector<UserId>> m_different; // still to be planned
    std::deque<Part> m_parts; // still to write
    std::vector<Seat> m_written; // in the sets; what is written of them is still to compare
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

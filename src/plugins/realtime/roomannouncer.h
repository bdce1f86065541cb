// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/realtime/realtimecontext.h"

#include <deque>
#include <span>
#include <unordered_map>

namespace Rollcall::Realtime {

/// What the connections in a room are told about its members: each change at once in a small room,
/// one delta per interval in a large one, only the count in a very large one.
///
/// The mode of a room follows its occupancy, with hysteresis, and is announced. Whoever must see
/// the list anew gets a room_state, a few connections at a time.
class RoomAnnouncer
{
public:
    /// Sends room_state to some of the room's connections.
    using SendStates = std::function<void(const RoomId &, std::span<const ConnectionId>)>;

    RoomAnnouncer(const RealtimeContext &context, SendStates sendStates);

    PresenceMode mode(const RoomId &room) const;
    /// Somebody here is about to be shown the room as it is now. Deltas will fit that.
    PresenceMode show(const RoomId &room);
    /// Nobody here is in the room any more.
    void forgetRoom(const RoomId &room) { m_rooms.erase(room); }

    void handleJoined(const RoomId &room, const Member &member);
    void handleUpdated(const RoomId &room, const Member &member);
    void handleLeft(const RoomId &room, const UserId &user, LeaveReason reason);
    /// After the change that led to it was told.
    void handleOccupancy(const RoomId &room, int users);
    /// What is known of the room may have changed without events: everybody here gets its state.
    void refresh(const RoomId &room);

private:
    /// What has become of a user since the last delta.
    struct Change
    {
        Member member = {}; ///< as last told by presence; only the user of one who has left
        LeaveReason reason = LeaveReason::Left;
        bool wasKnown = false; ///< a member when the last delta went out
        bool isMember = false;
        bool wasShown = false; ///< somebody was shown the room while they were in it
    };
    struct Room
    {
        PresenceMode mode = PresenceMode::Full;
        bool isCountDue = false;
        std::vector<Change> changes; ///< in the order of each user's first
        std::unordered_map<UserId, size_t> indices; ///< into changes
    };
    struct Refresh
    {
        RoomId room;
        std::vector<ConnectionId> connections; ///< still to be sent the state
    };

    Room *find(const RoomId &room);
    PresenceMode modeFor(PresenceMode now, int users) const;
    void setMode(const RoomId &id, Room &room, PresenceMode mode, int users);
    Change &change(Room &room, const UserId &user, bool wasKnown);
    void sendDeltas();
    void sendDelta(const RoomId &id, Room &room);
    void sendCounts();
    void sendSomeStates();

    RealtimeContext m_context;
    SendStates m_sendStates;
    std::unordered_map<RoomId, Room> m_rooms; ///< those with connections here
    std::deque<Refresh> m_refreshes;
    std::unique_ptr<ClockTimer> m_deltaTimer;
    std::unique_ptr<ClockTimer> m_countTimer;
    std::unique_ptr<ClockTimer> m_refreshTimer;
};

} // namespace Rollcall::Realtime

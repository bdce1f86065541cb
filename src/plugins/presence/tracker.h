// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/presenceconfig.h"
#include "plugins/presence/presencestore.h"
#include "plugins/presence/roster.h"

#include <functional>
#include <optional>
#include <vector>

namespace Rollcall::Presence {

/// The memberships of this node: who holds which seat by which connection, and until when.
///
/// Knows time, but neither Redis nor other nodes. Changes are returned, those that time brings are
/// handed to the handler; whoever owns the tracker announces them.
class Tracker : public SeatSource
{
public:
    struct Joined
    {
        bool isNew = false; ///< the connection was not in the room
        bool isFirstOfUser = false; ///< ... and no other connection of the user
        bool isFirstInRoom = false; ///< ... and nobody else
        bool isUserNew = false; ///< ... and the user was in no room at all
        bool hasChanged = false; ///< what the others see of a user who was there already
        bool isOtherDevice = false; ///< ... or with another device or role than before
        int gracesCancelled = 0;
        bool wasInGrace = false; ///< the seat: no connection of the user lived
    };
    struct Ended
    {
        ConnectionId connection;
        RoomId room;
        UserId user;
        LeaveReason reason = LeaveReason::Left;
        bool wasLost = false; ///< its connection had ended before
        bool isLastOfUser = false;
        bool isLastInRoom = false;
        bool hasChanged = false; ///< what the others see of a user who stays
        bool isInGrace = false; ///< from now on the seat is: the last connection that lived is gone
    };
    enum class Loss { Unknown, InGrace, Over };
    using EndHandler = std::function<void(const Ended &)>;

    /// `ended` is told of memberships whose TTL or grace ran out.
    Tracker(Clock &clock, const PresenceConfig &config, EndHandler ended);

    /// New times count from now; memberships that run get the difference.
    void setTimes(const PresenceConfig::Times &times);

    Joined join(const MembershipRequest &request);
    std::optional<Ended> leave(ConnectionId connection, const RoomId &room, LeaveReason reason);
    /// The connection has ended: starts the grace, or tells that there is none (the caller ends it
    /// then).
    Loss lose(ConnectionId connection, const RoomId &room);
    /// Ends the user's memberships in the room that are in grace.
    std::vector<Ended> dropLost(const RoomId &room, const UserId &user);
    /// The membership that lives on; null if there is none, or it is in grace. Valid until the next
    /// change.
    const Membership *touch(ConnectionId connection, const RoomId &room);
    /// The seat, if its state changed by this.
    const Seat *setState(ConnectionId connection, const RoomId &room, MemberState state);

    /// Null if there is none. Valid until the next change.
    const Membership *membership(ConnectionId connection, const RoomId &room) const;
    bool contains(ConnectionId connection, const RoomId &room) const;
    const TrackedRoom *room(const RoomId &id) const;
    std::vector<RoomId> roomsOf(ConnectionId connection) const;
    /// Connections of the user in the room.
    std::vector<ConnectionId> connectionsOf(const RoomId &room, const UserId &user) const;
    /// For operators: each connection of the user in the room, and how long it has left.
    std::vector<HeldConnection> heldConnections(const RoomId &room, const UserId &user) const;
    const std::unordered_map<RoomId, std::unique_ptr<TrackedRoom>> &rooms() const
    {
        return m_rooms;
    }
    int userCount() const { return int(m_users.size()); }
    int membershipCount() const { return int(m_memberships.size() - m_free.size()); }
    int pendingGraces() const { return m_pendingGraces; }
    std::chrono::milliseconds sweepLag() const { return m_wheel.lag(); }
    quint64 sweepExamined() const { return m_wheel.examined(); }

    std::vector<RoomId> heldRooms() const override;
    std::vector<UserId> heldUsers(const RoomId &room) const override;
    bool containsUser(const RoomId &room, const UserId &user) const override;
    bool containsUser(const UserId &user) const override { return m_users.contains(user); }
    std::optional<SeatRecord> seat(const RoomId &room, const UserId &user) const override;
    std::vector<SeatRecord> seatsOf(const UserId &user) const override;

private:
    using Index = DeadlineWheel::Key;
    static constexpr Index kNone = ~Index(0);

    Index find(ConnectionId connection, const RoomId &room) const;
    Seat *findSeat(const RoomId &room, const UserId &user) const;
    Seat &takeSeat(const MembershipRequest &request, Joined &joined);
    Index takeIndex();
    Ended end(Index index, LeaveReason reason);
    void detach(Seat *seat, Ended &ended);
    void handleDue(Index index);
    Clock::SteadyTime freshDeadline(Dialect dialect) const;
    bool updateState(Seat &seat);
    /// Null: a connection lives.
    std::optional<Clock::SteadyTime> graceEnd(const Seat &seat) const;
    SeatRecord record(const Seat &seat) const;

    Clock &m_clock;
    PresenceConfig::Times m_times;
    bool m_expires;
    EndHandler m_ended;
    DeadlineWheel m_wheel;
    std::vector<Membership> m_memberships; // by index
    std::vector<Index> m_free;
    std::unordered_map<ConnectionId, QVarLengthArray<Index, 1>> m_byConnection;
    std::unordered_map<RoomId, std::unique_ptr<TrackedRoom>> m_rooms;
    std::unordered_map<UserId, std::unique_ptr<TrackedUser>> m_users;
    int m_pendingGraces = 0;
};

} // namespace Rollcall::Presence

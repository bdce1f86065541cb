// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/services/presenceservice.h"

#include <QObject>

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace Rollcall::Presence {

/// A user in a room, as this node holds them: what a store writes down.
struct SeatRecord
{
    RoomId room;
    RoomKind kind = RoomKind::Room;
    Member member;
    ConnectionId connection; ///< the latest of the user's connections in the room
    Clock::SteadyTime
        deadline; ///< the latest of the user's memberships; Clock::SteadyTime::max(): none
    qint64 lastHeartbeatMs = 0; ///< wall time of the user's latest proof of life
    QByteArray device = {}; ///< deviceId with which the user joined last; empty: not known
    QByteArray role = {}; ///< ... and the token's role
    std::optional<Clock::SteadyTime> graceEnd =
        {}; ///< no connection of the user in the room lives, the seat is kept until then
};

/// What this node holds right now. A store asks when it writes, so that it writes what is true
/// then.
class SeatSource
{
public:
    virtual ~SeatSource() = default;
    virtual std::vector<RoomId> heldRooms() const = 0;
    virtual std::vector<UserId> heldUsers(const RoomId &room) const = 0;
    virtual bool containsUser(const RoomId &room, const UserId &user) const = 0;
    /// In any room.
    virtual bool containsUser(const UserId &user) const = 0;
    virtual std::optional<SeatRecord> seat(const RoomId &room, const UserId &user) const = 0;
    /// In the order in which the user entered the rooms.
    virtual std::vector<SeatRecord> seatsOf(const UserId &user) const = 0;
};

/// What a change did, as all nodes together see it.
struct SeatChange
{
    bool isFirstOrLast =
        false; ///< join: nobody else held the user in the room; leave: nobody does any more
    int users = 0; ///< distinct users in the room after it
    bool userChanged = false; ///< the user came online, or went offline; also reported by itself
};

struct HeldMember
{
    NodeId node;
    Member member;
};

/// The members of a room that other nodes hold.
struct RoomMembers
{
    std::vector<HeldMember> members; ///< one entry per node and user
    std::vector<NodeId> unsettled; ///< nodes that have not written everything again after an outage
};

/// Where a node's memberships are written, and where those of the other nodes are read. This node's
/// RAM stays the truth about its own: every call says what is, absolutely, so that repeating one
/// changes nothing.
///
/// After an outage a store writes what the SeatSource holds by itself and loads every watched room
/// again.
class PresenceStore : public QObject
{
    Q_OBJECT
public:
    using ChangeCallback = std::function<void(const Result<SeatChange> &)>;
    using OccupanciesCallback =
        std::function<void(const Result<std::vector<std::pair<RoomId, int>>> &)>;
    using OnlineCallback = std::function<void(const Result<bool> &)>;
    using UsersCallback = std::function<void(const Result<std::vector<UserId>> &)>;
    using QObject::QObject;

    /// `source` must outlive the store.
    virtual void start(SeatSource &source) = 0;
    /// Questions are answered. While they are not, changes are not written: they are after the
    /// outage.
    virtual bool isReachable() const = 0;
    /// What is read is known to be current.
    virtual bool isFresh() const = 0;
    /// Nodes that are alive, this one included.
    virtual int nodeCount() const = 0;
    /// The other nodes that take clients, by their leases as they were seen last; all with 0 users.
    virtual std::vector<OpenNode> openNodes() const = 0;
    /// What others may tell clients about this node; asked again and again.
    virtual void setPublicUrl(std::function<QByteArray()> url) = 0;

    /// From now on the room's events are emitted; the first is roomLoaded.
    virtual void watch(const RoomId &room) = 0;
    virtual void unwatch(const RoomId &room) = 0;
    /// Emits roomLoaded for a watched room again.
    virtual void reload(const RoomId &room) = 0;

    /// Also after a change of the member's data. `done` does not run when the store is not
    /// reachable or the seat was left before it could be written.
    virtual void join(const SeatRecord &seat, ChangeCallback done) = 0;
    virtual void leave(const RoomId &room, const UserId &user, LeaveReason reason,
                       ChangeCallback done) = 0;
    /// The seat's grace began, or was cancelled: `seat.graceEnd`. Only operators see it, nobody is
    /// told. Changes nothing where the seat is not written.
    virtual void noteGrace(const SeatRecord &seat) = 0;
    /// The user's deadline has moved on. Cheap; written with others.
    virtual void refresh(const UserId &user, std::chrono::milliseconds ttl) = 0;
    virtual void fetchOccupancies(OccupanciesCallback done) = 0;
    /// Is the user online anywhere?
    virtual void fetchIsOnline(const UserId &user, OnlineCallback done) = 0;
    /// Everybody who is. Who comes or goes meanwhile may be in it or not.
    virtual void fetchOnline(UsersCallback done) = 0;

    /// To the other nodes that watch the room, in order with join() and leave(); joined until the
    /// end of the loop turn.
    virtual void publish(const RoomId &room, const QByteArray &payload) = 0;
    /// Asks the other nodes to end the user's memberships in the room.
    virtual void evict(const RoomId &room, const UserId &user, LeaveReason reason) = 0;

    /// The node is about to end: its seats stay for the draining lease, and nothing that is held
    /// less from now on is written. `done` runs in any case.
    virtual void drain(std::function<void()> done) = 0;

Q_SIGNALS:
    /// All that other nodes hold in a watched room; replaces what was known.
    void roomLoaded(const Rollcall::RoomId &room, const Rollcall::Presence::RoomMembers &members);
    void seatTaken(const Rollcall::RoomId &room, const Rollcall::NodeId &node,
                   const Rollcall::Member &member);
    void seatUpdated(const Rollcall::RoomId &room, const Rollcall::NodeId &node,
                     const Rollcall::Member &member);
    void seatReleased(const Rollcall::RoomId &room, const Rollcall::NodeId &node,
                      const Rollcall::UserId &user, Rollcall::LeaveReason reason);
    void evictionRequested(const Rollcall::RoomId &room, const Rollcall::UserId &user,
                           Rollcall::LeaveReason reason);
    void payloadReceived(const Rollcall::RoomId &room, const Rollcall::NodeId &node,
                         const QByteArray &payload);
    /// Payloads of another node got lost.
    void eventsMissed(const Rollcall::RoomId &room);
    /// Distinct users in any room, from another node.
    void occupancyReported(const Rollcall::RoomId &room, int users);
    /// The user's first seat anywhere was taken, or the last released, by this node or another; or
    /// an operator says so. In the order in which it happened.
    void userStatusReported(const Rollcall::UserId &user, bool isOnline);
    void freshnessChanged(bool isFresh);
};

} // namespace Rollcall::Presence

Q_DECLARE_METATYPE(Rollcall::Presence::RoomMembers)

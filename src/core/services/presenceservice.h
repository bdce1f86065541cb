// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"
#include "core/protocol/member.h"
#include "core/services/presenceinspection.h"

#include <QObject>

#include <functional>
#include <vector>

namespace Rollcall {

/// How many people are in a room, on all nodes.
struct RoomOccupancy
{
    RoomId room;
    RoomKind kind = RoomKind::Room;
    int users = 0; ///< distinct users: the occupancy
    int connections = 0; ///< of this node's connections
};

/// The members of a room, held here and elsewhere, each user once.
struct RoomSnapshot
{
    RoomId room;
    int users = 0;
    std::vector<Member> members;
    bool stale = false; ///< what other nodes hold is not known to be current
    qint64 asOfMs = 0; ///< wall time of what is known about the other nodes
};

/// Whether and when someone was here.
struct UserStatus
{
    UserId user;
    bool isOnline = false;
    MemberState state = MemberState::Active; ///< of an online user: Away when all of them are away
    qint64 lastSeenMs = 0; ///< wall time of the last proof of life; 0: never seen
    QByteArray device = {}; ///< empty: unknown
};

struct UserStatuses
{
    std::vector<UserStatus> users; ///< in the order asked
    bool stale = false; ///< what other nodes hold is not known to be current
    qint64 asOfMs = 0;
};

/// A connection entering a room.
struct MembershipRequest
{
    ConnectionId connection;
    RoomId room;
    RoomKind kind = RoomKind::Room;
    Dialect dialect = Dialect::Rooms; ///< decides TTL and grace
    Member member;
    QByteArray device = {}; ///< deviceId, told to operators and the application; empty: not known
    QByteArray role = {}; ///< of the user's token; empty: none
};

struct LivenessTimes
{
    std::chrono::milliseconds heartbeat; ///< how often a client should beat
    std::chrono::milliseconds ttl; ///< how long one beat lasts
    std::chrono::milliseconds grace; ///< how long a lost connection keeps its seat
};

/// Another node that takes clients: it lives, is not draining, and has a public URL.
struct OpenNode
{
    NodeId node;
    QByteArray publicUrl; ///< "https://b.example.org", without a slash at the end
    int users = 0; ///< distinct users of the room in question that it holds
};

/// Who is alive and in which room. Provided by the presence plugin.
///
/// The node's RAM is the truth for its own connections: every call takes effect before it returns,
/// and its signals are emitted meanwhile. Redis and the other nodes follow. Events are per user:
/// the first membership of a user in a room, on any node, announces memberJoined, the last one that
/// ends announces memberLeft. Both also arrive for members held by other nodes.
class ROLLCALL_CORE_EXPORT PresenceService : public QObject
{
    Q_OBJECT
public:
    static constexpr const char *kServiceName = "PresenceService";
    using JoinCallback = std::function<void(const RoomSnapshot &)>;
    using StatusesCallback = std::function<void(const UserStatuses &)>;
    using InspectionCallback = std::function<void(const Result<PresenceInspection> &)>;
    using HomeCallback = std::function<void(const OpenNode *)>;
    using PurgeCallback = std::function<void(const Result<PurgeReport> &)>;
    using QObject::QObject;

    /// Adds the membership at once and emits memberJoined if it is the user's first. `done` runs
    /// once the members held elsewhere are known, or after the deadline with a stale snapshot; not
    /// when `context` died meanwhile or the membership ended. It may run before join() returns. A
    /// repeated join updates the member's data and renews the deadline.
    virtual void join(const MembershipRequest &request, QObject *context, JoinCallback done) = 0;
    /// Ends one membership. No grace. Unknown ones are ignored.
    virtual void leave(ConnectionId connection, const RoomId &room, LeaveReason reason) = 0;
    /// The connection is gone: `Left` ends its memberships at once, `Lost` after the grace of each,
    /// `Drained` silently (the node's lease says the rest).
    virtual void connectionEnded(ConnectionId connection, LeaveReason reason) = 0;
    /// Ends every membership of the user in the room on this node, and asks the other nodes to do
    /// the same.
    virtual void evict(const RoomId &room, const UserId &user, LeaveReason reason) = 0;

    virtual bool isMember(ConnectionId connection, const RoomId &room) const = 0;
    /// Members of the room right now, from RAM (own and last known of the others).
    virtual RoomSnapshot snapshot(const RoomId &room) const = 0;
    /// Distinct users in the room, in grace included, from RAM.
    virtual int occupancy(const RoomId &room) const = 0;
    virtual bool containsUser(const RoomId &room, const UserId &user) const = 0;
    /// Every room that is not empty.
    virtual std::vector<RoomOccupancy> occupancies() const = 0;

    /// As snapshot(); the members of a room that only other nodes hold are asked for, once. `done`
    /// runs with the answer, or after the deadline with what RAM knows, stale. Not when `context`
    /// died; maybe before this returns.
    virtual void fetchSnapshot(const RoomId &room, QObject *context, JoinCallback done) = 0;
    /// The status of these users: RAM for those held here, one question for the others. `done` as
    /// in fetchSnapshot().
    virtual void fetchStatuses(const std::vector<UserId> &users, QObject *context,
                               StatusesCallback done) = 0;

    /// Why someone is shown, or who is shown in a room: what Redis says, and what does not fit
    /// together. For operators. Error: Unavailable.
    virtual void inspect(const PresenceSubject &subject, QObject *context,
                         InspectionCallback done) = 0;
    /// Takes a user (or of a room everybody who is not alive) out of everything, telling every
    /// node. A living node that holds the user is asked to evict them. Takes seconds. Error:
    /// Unavailable.
    virtual void purge(const PresenceSubject &subject, QObject *context, PurgeCallback done) = 0;

    /// False: counts hold the last that was known about other nodes.
    virtual bool isFresh() const = 0;
    /// Wall time at which the other nodes' numbers were last known to be right.
    virtual qint64 asOfMs() const = 0;
    virtual LivenessTimes times(Dialect dialect) const = 0;
    /// Whether any inbound frame or pong counts as a heartbeat (`presence.liveness =
    /// "connection"`).
    virtual bool livenessIsConnection() const = 0;

    /// The other nodes that take clients, those that hold most of the room's members first. From
    /// RAM: of a room without members here it is not known who holds them (0 users).
    virtual std::vector<OpenNode> openNodes(const RoomId &room) const = 0;
    /// Where a client of this room is best connected: to the node that holds most of its members.
    /// Null: to this one, because it holds (nearly) as many as any other, nobody is in the room, or
    /// it is not known. Nearly is at least 4/5 of the most; of several other nodes that are near
    /// each other it is the first by its id, whoever is asked. RAM answers for rooms with members
    /// here; for others one question to Redis, at most once a second for a room. `done` as in
    /// fetchSnapshot().
    virtual void findHome(const RoomId &room, QObject *context, HomeCallback done) = 0;
    /// This node is about to end: the others send nobody here any more, and its members keep their
    /// seats for the draining lease.
    virtual void beginDraining() = 0;
    /// From then on findHome() says another node, or null when there is none.
    virtual bool isDraining() const = 0;

    /// Another node holds members of this room, so that its events must be relayed.
    virtual bool hasRemoteMembers(const RoomId &room) const = 0;
    /// Sends `payload` to the other nodes that hold members of the room; nothing if there are none.
    /// Joined until the end of the loop turn. Per sender and room the order is kept, joins and
    /// leaves included.
    virtual void relay(const RoomId &room, const QByteArray &payload) = 0;

public Q_SLOTS:
    /// A proof of life. An expired or unknown membership is ignored: the caller finds out by
    /// isMember().
    virtual void touch(Rollcall::ConnectionId connection, const Rollcall::RoomId &room) = 0;
    virtual void setState(Rollcall::ConnectionId connection, const Rollcall::RoomId &room,
                          Rollcall::MemberState state) = 0;

Q_SIGNALS:
    void memberJoined(const Rollcall::RoomId &room, const Rollcall::Member &member);
    void memberLeft(const Rollcall::RoomId &room, const Rollcall::UserId &user,
                    Rollcall::LeaveReason reason);
    void memberUpdated(const Rollcall::RoomId &room, const Rollcall::Member &member);
    /// A membership of this node ended without leave() or connectionEnded(): its TTL ran out, or
    /// evict().
    void membershipEnded(Rollcall::ConnectionId connection, const Rollcall::RoomId &room,
                         Rollcall::LeaveReason reason);
    void occupancyChanged(const Rollcall::RoomId &room, int users);
    void userOnline(const Rollcall::UserId &user);
    void userOffline(const Rollcall::UserId &user);
    /// From another node, in its order.
    void relayReceived(const Rollcall::RoomId &room, const Rollcall::NodeId &origin,
                       const QByteArray &payload);
    /// What is known of the room's members elsewhere may have changed without events (after an
    /// outage): show its local members a fresh snapshot.
    void roomResynchronized(const Rollcall::RoomId &room);
    void freshnessChanged(bool isFresh);
};

} // namespace Rollcall

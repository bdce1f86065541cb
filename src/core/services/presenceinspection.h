// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/member.h"

#include <QStringList>

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

// What PresenceService::inspect() and purge() tell operators.
namespace Rollcall {

/// Whom it is about. Both: whatever there is under the name.
struct PresenceSubject
{
    std::optional<UserId> user;
    std::optional<RoomId> room;
};

/// A connection in a room, from the RAM of the node that was asked.
struct HeldConnection
{
    ConnectionId connection;
    Dialect dialect = Dialect::Rooms;
    MemberState state = MemberState::Active;
    bool isInGrace = false; ///< the connection is lost
    std::optional<std::chrono::milliseconds>
        left; ///< until the TTL or the grace is over; null: no end
};

/// A node that holds, or once held, a user in a room, by what Redis says.
struct NodeHolding
{
    NodeId node;
    bool isInSet = false; ///< room:<r>:node:<n> names the user
    bool isListed = false; ///< room:<r>:nodes names the node
    bool isInUserHash = false; ///< the user's hash has the field at:<n>:<r>
    bool isNodeKnown = false; ///< presence:nodes names the node
    std::chrono::milliseconds leaseLeft{0}; ///< below 0: so long ago
    QByteArray nodeState; ///< "up", "draining"; empty: it has no lease
    std::optional<std::chrono::milliseconds>
        graceLeft; ///< the seat is in grace: no connection to the node lives; below 0: it is over

    bool isNodeAlive() const { return isNodeKnown && leaseLeft.count() > 0; }
};

/// A user in a room, as Redis shows it, and why.
struct SeatInspection
{
    enum class Verdict {
        Live, ///< a living node holds it
        Dying, ///< its nodes are dead; a living node is about to take it out
        Ghost, ///< nobody holds it, and nobody would take it out
    };

    RoomId room;
    UserId user;
    bool isCounted = false; ///< presence:page:<r> names the user
    bool hasDetails = false; ///< room:<r>:user:<u> is there; the next four come from it
    QByteArray displayName;
    QByteArray connection; ///< "<node>:<connection>", the user's latest in the room
    qint64 joinedAtMs = 0;
    MemberState state = MemberState::Active;
    std::vector<NodeHolding> nodes;
    std::optional<std::vector<HeldConnection>>
        here; ///< null: the node that was asked does not hold it
    Verdict verdict = Verdict::Live;
    QStringList findings; ///< what does not fit together, for people

    /// Of the node that was asked, by its RAM. Null: it holds no connection, or one that lives.
    std::optional<std::chrono::milliseconds> graceLeftHere() const
    {
        std::optional<std::chrono::milliseconds> left;
        for (const HeldConnection &held : here.value_or(std::vector<HeldConnection>())) {
            if (!held.isInGrace)
                return std::nullopt;
            left = std::max(left, held.left);
        }
        return left;
    }
};

struct UserInspection
{
    UserId user;
    bool hasKey = false; ///< presence:<user> is there
    std::optional<std::chrono::milliseconds> keyLeft; ///< until Redis expires it; null: never
    bool isOnline = false; ///< presence:online names the user
    qint64 lastHeartbeatMs = 0; ///< wall time; 0: unknown
    std::optional<std::chrono::milliseconds> deadlineLeft; ///< below 0: passed; null: none
    QByteArray status; ///< of presence:meta:<u>
    qint64 lastSeenMs = 0; ///< of presence:meta:<u>, once offline
    std::vector<SeatInspection> seats;
    QStringList findings;

    /// Nothing at all is known of the user.
    bool isEmpty() const
    {
        return !hasKey && !isOnline && !deadlineLeft && status.isEmpty() && seats.empty();
    }
};

struct RoomInspection
{
    RoomId room;
    int counted = 0; ///< members of presence:page:<r>
    std::optional<int> stored; ///< rooms:occupancy
    std::vector<NodeId> nodes; ///< room:<r>:nodes
    QStringList findings;
};

struct PresenceInspection
{
    qint64 atMs = 0; ///< Redis' time
    std::optional<RoomInspection> room;
    std::vector<UserInspection> users; ///< of the room, or the one asked for; with everything known
    bool isComplete = true; ///< false: there was more than is looked at at once
};

/// What purge() did to one seat.
struct PurgedSeat
{
    enum class Action {
        Removed, ///< nobody living held it
        Evicted, ///< its node was asked, and let go
        Forced, ///< its node was asked and did not let go: it was removed all the same
        LeftAlone, ///< alive, and the purge was about a room
    };

    RoomId room; ///< null: what was left of the user outside rooms
    UserId user;
    NodeId node; ///< null: none
    Action action = Action::Removed;
};

struct PurgeReport
{
    std::vector<PurgedSeat> seats;
    bool isComplete = true; ///< false: repeat it, there was more than is looked at at once
};

} // namespace Rollcall

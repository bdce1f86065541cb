// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/presenceservice.h"
#include "plugins/presence/deadlinewheel.h"

#include <QVarLengthArray>

#include <memory>
#include <unordered_map>

// What the tracker keeps, one entry per thing and pointers between them. Entries never move.
namespace Rollcall::Presence {

struct TrackedRoom;
struct TrackedUser;

/// A user in a room: what the others see. Lives while it has memberships.
struct Seat
{
    TrackedRoom *room = nullptr;
    TrackedUser *user = nullptr;
    Member member;
    QVarLengthArray<DeadlineWheel::Key, 2> memberships;
};

/// A connection in a room. Its deadline is in the wheel, under its index.
struct Membership
{
    ConnectionId connection;
    Seat *seat = nullptr;
    Dialect dialect = Dialect::Rooms;
    MemberState state = MemberState::Active;
    bool isLost = false; ///< the connection is gone, the deadline is the end of its grace
};

struct TrackedUser
{
    UserId id;
    qint64 lastHeartbeatMs = 0;
    QByteArray device; ///< with which the user joined last
    QByteArray role;
    QVarLengthArray<Seat *, 1> seats;
};

struct TrackedRoom
{
    RoomId id;
    RoomKind kind = RoomKind::Room;
    int connections = 0; ///< without those in grace
    std::unordered_map<UserId, std::unique_ptr<Seat>> seats;
};

} // namespace Rollcall::Presence

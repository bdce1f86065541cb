// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
// The room flow's part that follows what presence and the directory decide.
#include "plugins/realtime/roomflow.h"

#include "core/services/realtimeservice.h"

#include <algorithm>

namespace Rollcall::Realtime {

void RoomFlow::handleMemberLeft(const RoomId &room, const UserId &user, LeaveReason reason)
{
    m_context.hub.forget(room, user);
    if (m_context.transforms)
        m_context.transforms->forget(room, user);
    m_context.hub.broadcast(room, MemberLeftEvent{room.value(), user.value(), reason});
}

void RoomFlow::handleMembershipEnded(ConnectionId id, const RoomId &room, LeaveReason reason)
{
    Connection *connection = m_context.connections.find(id);
    Membership *membership = connection ? connection->membership(room) : nullptr;
    if (!membership || !membership->isMember())
        return;
    if (reason == LeaveReason::Expired) {
        membership->stage = Membership::Stage::Expired;
        membership->hasMoved = false;
    } else {
        connection->removeMembership(room);
    }
    leaveHub(*connection, room);
    Q_EMIT m_context.service.roomLeft(id, room, connection->identity.user);
    if (reason != LeaveReason::Kicked)
        return;
    m_context.hub.send(*connection, ModerationEvent{"kicked", {}});
    if (std::ranges::none_of(connection->memberships, &Membership::isMember))
        m_context.connections.end(*connection, CloseCode::Kicked, LeaveReason::Kicked);
}

void RoomFlow::handleResynchronized(const RoomId &room)
{
    const std::vector<ConnectionId> ids = m_context.hub.recipients(room);
    if (ids.empty())
        return;
    const RoomSnapshot snapshot = m_context.presence.snapshot(room);
    for (const ConnectionId id : ids) {
        Connection *connection = m_context.connections.find(id);
        if (const Membership *membership = connection ? connection->membership(room) : nullptr)
            sendState(*connection, *membership, snapshot);
    }
}

void RoomFlow::closeRoom(const RoomId &room)
{
    for (const ConnectionId id : m_context.hub.recipients(room)) {
        Connection *connection = m_context.connections.find(id);
        if (!connection)
            continue;
        const auto members = std::ranges::count_if(connection->memberships, &Membership::isMember);
        if (members <= 1) {
            m_context.connections.end(*connection, CloseCode::RoomClosed, LeaveReason::Kicked);
        } else {
            m_context.hub.send(*connection, ErrorEvent{ErrorCode::RoomNotFound, {}, {}});
            leave(*connection, room);
        }
    }
}

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
// The room flow's part that follows what presence and the directory decide.
#include "plugins/realtime/roomflow.h"

#include "core/services/moderationservice.h"
#include "core/services/realtimeservice.h"
#include "plugins/realtime/dialectcodec.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

namespace Rollcall::Realtime {

namespace {

constexpr qint64 kCrossingMs = 2'000;

} // namespace

void RoomFlow::handleMemberLeft(const RoomId &room, const UserId &user, LeaveReason reason)
{
    m_context.hub.forget(room, user);
    if (m_context.transforms)
        m_context.transforms->forget(room, user);
    m_announcer.handleLeft(room, user, reason);
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
    const bool isBanned =
        m_context.moderation && m_context.moderation->isBanned(room, connection->identity.user);
    m_context.hub.send(*connection,
                       ModerationEvent{isBanned ? "banned" : "kicked", {}, room.value()});
    if (std::ranges::none_of(connection->memberships, &Membership::isMember)) {
        m_context.connections.end(*connection, isBanned ? CloseCode::Banned : CloseCode::Kicked,
                                  LeaveReason::Kicked);
    }
}

void RoomFlow::handleDeviceEntered(const RoomId &room, const DeviceEntry &entry)
{
    if (entry.device.isEmpty())
        return;
    for (const ConnectionId id : m_context.hub.recipients(room)) {
        Connection *connection = m_context.connections.find(id);
        if (!connection || connection->identity.user != entry.user
            || connection->identity.device != entry.device)
            continue;
        // Two that entered at the same time hear of each other: one of them must stay. Whoever has
        // been here for longer than messages travel goes, whatever the nodes' clocks say.
        const qint64 enteredAtMs = connection->membership(room)->enteredAtMs;
        const bool isOlder =
            std::tie(enteredAtMs, m_context.node.value()) < std::tie(entry.atMs, entry.node);
        if (isOlder || m_context.clock.wallMs() - enteredAtMs > kCrossingMs)
            m_context.connections.end(*connection, CloseCode::Replaced, LeaveReason::Left);
    }
}

void RoomFlow::sendStates(const RoomId &room, std::span<const ConnectionId> connections)
{
    m_announcer.show(room);
    // One encoding for all who read the same.
    std::map<std::pair<Dialect, bool>, std::vector<Recipient *>> readers;
    const RoomSnapshot snapshot = m_context.presence.snapshot(room);
    for (const ConnectionId id : connections) {
        Connection *connection = m_context.connections.find(id);
        const Membership *membership = connection ? connection->membership(room) : nullptr;
        if (!membership || membership->stage != Membership::Stage::Joined)
            continue;
        if (m_announcer.mode(room) == PresenceMode::Count || !connection->blocked.isEmpty())
            sendState(*connection, *membership, snapshot);
        else
            readers[{connection->codec().dialect(), membership->isNumericRoom}].push_back(
                connection);
    }
    for (const auto &[how, recipients] : readers)
        sendState(recipients, how.first, how.second, snapshot, snapshot.members);
}

void RoomFlow::sendState(Connection &connection, const Membership &membership,
                         const RoomSnapshot &snapshot)
{
    std::span<const Member> members(snapshot.members);
    if (m_announcer.mode(membership.room) == PresenceMode::Count) {
        // Nobody keeps a list there; who has joined sees at least that.
        const auto self =
            std::ranges::find(snapshot.members, connection.identity.user, &Member::user);
        members = {self, size_t(self == snapshot.members.end() ? 0 : 1)};
    }
    std::vector<Member> shown;
    if (!connection.blocked.isEmpty()) {
        std::ranges::copy_if(members, std::back_inserter(shown), [&](const Member &member) {
            return !connection.blocked.contains(member.user);
        });
        members = shown;
    }
    Recipient *const recipient = &connection;
    sendState({&recipient, 1}, connection.codec().dialect(), membership.isNumericRoom, snapshot,
              members);
}

void RoomFlow::sendState(std::span<Recipient *const> recipients, Dialect dialect,
                         bool isNumericRoom, const RoomSnapshot &snapshot,
                         std::span<const Member> members)
{
    std::vector<Transform> transforms;
    transforms.reserve(members.size());
    for (const Member &member : members)
        transforms.push_back(m_context.hub.latest(snapshot.room, member.user));
    const LivenessTimes times = m_context.presence.times(dialect);
    m_context.hub.send(recipients,
                       RoomStateEvent{.room = snapshot.room.value(),
                                      .isNumericRoom = isNumericRoom,
                                      .members = members,
                                      .transforms = transforms,
                                      .occupancy = snapshot.users,
                                      .heartbeatInterval = times.heartbeat,
                                      .ttl = times.ttl,
                                      .mode = m_announcer.mode(snapshot.room)});
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

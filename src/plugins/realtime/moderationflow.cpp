// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/moderationflow.h"

#include "core/services/moderationservice.h"
#include "plugins/realtime/roomflow.h"

namespace Rollcall::Realtime {

namespace {

bool isEverywhere(const RoomId &room) { return room.value() == "*"; }

QByteArrayView roomOf(const RoomId &room)
{
    return isEverywhere(room) ? QByteArrayView() : QByteArrayView(room.value());
}

} // namespace

ModerationFlow::ModerationFlow(const RealtimeContext &context, RoomFlow &flow)
    : m_context(context)
    , m_flow(flow)
{
    const ModerationService *moderation = context.moderation;
    if (!moderation)
        return;
    QObject::connect(moderation, &ModerationService::userKicked, &context.owner,
                     [this](const RoomId &room, const UserId &user, const QByteArray &reason) {
                         remove(room, user, reason, CloseCode::Kicked);
                     });
    QObject::connect(moderation, &ModerationService::userBanned, &context.owner,
                     [this](const RoomId &room, const UserId &user, const QByteArray &reason) {
                         remove(room, user, reason, CloseCode::Banned);
                     });
    QObject::connect(moderation, &ModerationService::userMuted, &context.owner,
                     [this](const RoomId &room, const UserId &user, const QByteArray &reason) {
                         tellMuted(room, user, reason);
                     });
}

void ModerationFlow::remove(const RoomId &room, const UserId &user, const QByteArray &reason,
                            CloseCode code)
{
    const QByteArrayView type = code == CloseCode::Banned ? "banned" : "kicked";
    for (Connection *connection : m_context.connections.connectionsOf(user)) {
        if (!isEverywhere(room) && !connection->membership(room))
            continue;
        m_context.hub.send(*connection, ModerationEvent{type, reason, roomOf(room)});
        if (isEverywhere(room) || connection->memberships.size() == 1)
            m_context.connections.end(*connection, code, LeaveReason::Kicked);
        else
            m_flow.leave(*connection, room, LeaveReason::Kicked);
    }
}

void ModerationFlow::tellMuted(const RoomId &room, const UserId &user, const QByteArray &reason)
{
    for (Connection *connection : m_context.connections.connectionsOf(user)) {
        if (isEverywhere(room) || connection->membership(room))
            m_context.hub.send(*connection, ModerationEvent{"mutedByMod", reason, roomOf(room)});
    }
}

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/roomjson.h"

#include "core/protocol/jsontext.h"

namespace Rollcall::Rooms {

void appendRoomMembers(QByteArray &out, const RoomStatus &room)
{
    const RoomDefinition &definition = room.definition;
    out += R"("id":)";
    appendJsonText(out, definition.id.value());
    out += R"(,"name":)";
    appendJsonText(out, definition.name);
    out += R"(,"theme":)";
    appendJsonText(out, definition.theme);
    out += R"(,"region":)";
    appendJsonText(out, definition.region);
    out += definition.isPrivate ? R"(,"isPrivate":true,"capacity":)"
                                : R"(,"isPrivate":false,"capacity":)";
    appendJsonInteger(out, qint64(definition.capacity));
    out += R"(,"estimatedOccupancy":)";
    appendJsonInteger(out, qint64(room.shownOccupancy()));
    out += R"(,"connections":)";
    appendJsonInteger(out, qint64(room.connections));
    out += R"(,"reserved":)";
    appendJsonInteger(out, qint64(room.reserved));
    out += room.isFull() ? R"(,"full":true)" : R"(,"full":false)";
}

void appendMember(QByteArray &out, const Member &member)
{
    out += R"({"userId":)";
    appendJsonText(out, member.user.value());
    out += R"(,"displayName":)";
    appendJsonText(out, member.displayName);
    out += R"(,"avatarId":)";
    appendJsonText(out, member.avatar);
    out += R"(,"deviceType":)";
    appendJsonText(out, deviceTypeName(member.device));
    out += R"(,"state":)";
    appendJsonText(out, memberStateName(member.state));
    out += R"(,"joinedAtMs":)";
    appendJsonInteger(out, member.joinedAtMs);
    out += '}';
}

} // namespace Rollcall::Rooms

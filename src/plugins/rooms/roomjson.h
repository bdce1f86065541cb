// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/rooms/roomstatus.h"

#include <QByteArray>

namespace Rollcall {
struct Member;
}

namespace Rollcall::Rooms {

/// The members of a room's JSON object, without its braces:
/// "id","name","theme","region","isPrivate","capacity","estimatedOccupancy","connections","reserved","full".
void appendRoomMembers(QByteArray &out, const RoomStatus &room);

/// A member of a room: {"userId","displayName","avatarId","deviceType","state","joinedAtMs"}.
void appendMember(QByteArray &out, const Member &member);

} // namespace Rollcall::Rooms

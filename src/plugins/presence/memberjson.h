// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/member.h"
#include "plugins/presence/presencestore.h"

namespace Rollcall::Presence {

/// What room:<r>:user:<u> holds: {socketId, userId, roomId, username, avatar, deviceType, state,
/// joinedAt, lastActiveAt, node}.
QByteArray memberToJson(const SeatRecord &seat, const NodeId &node);
/// A member of whom only the id is known where the JSON says nothing, or nonsense.
Member memberFromJson(const UserId &user, const QByteArray &json);

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/member.h"
#include "plugins/presence/presencestore.h"

namespace Rollcall {
struct RedisReply;
}

namespace Rollcall::Presence {

/// What room:<r>:user:<u> holds: {socketId, userId, roomId, username, avatar, deviceType, state,
/// joinedAt, lastActiveAt, node}.
QByteArray memberToJson(const SeatRecord &seat, const NodeId &node);
/// A member of whom only the id is known where the JSON says nothing, or nonsense.
Member memberFromJson(const UserId &user, const QByteArray &json);
/// The answer of MEMBERS: node, member, JSON in turns.
std::vector<HeldMember> heldMembersFromReply(const RedisReply &reply);
/// Whether the others see the same in both; since when they are there does not count.
bool looksTheSame(const Member &a, const Member &b);

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/redisreply.h"
#include "core/services/presenceinspection.h"

namespace Rollcall::Presence {

/// What INSPECT answered (scripts/inspect.lua).
struct InspectionReply
{
    qint64 nowMs = 0;
    UserInspection user;
    std::vector<NodeId> knownNodes;
    std::vector<RoomId> roomsOfHash; ///< of the fields at:<n>:<r>

    /// Nothing for what is not such an answer.
    static std::optional<InspectionReply> parse(const UserId &user, const RedisReply &reply);
};

} // namespace Rollcall::Presence

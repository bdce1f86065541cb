// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/presenceinspection.h"

#include <functional>

namespace Rollcall::Presence {

/// What the node that is asked holds itself, by its RAM.
struct HeldView
{
    NodeId node;
    /// Null: it does not hold the user in the room.
    std::function<std::optional<std::vector<HeldConnection>>(const RoomId &, const UserId &)> seat;
    std::function<std::vector<RoomId>(const UserId &)> roomsOf;
    std::function<std::vector<UserId>(const RoomId &)> usersOf;
};

} // namespace Rollcall::Presence

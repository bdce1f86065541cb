// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/roomdirectory.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace Rollcall::Rooms {

/// A room and how full it is.
struct RoomStatus
{
    RoomDefinition definition;
    int users = 0; ///< distinct users on all nodes
    int connections = 0; ///< of this node
    int reserved = 0; ///< seats held for users who are not members yet
    std::optional<int> stubOccupancy; ///< shown instead of `users`

    int shownOccupancy() const { return stubOccupancy.value_or(users); }
    bool isFull() const
    {
        return definition.capacity > 0 && users + reserved >= definition.capacity;
    }
    /// Never negative; the largest int where the capacity is unlimited.
    int freeSeats() const
    {
        if (definition.capacity == 0)
            return std::numeric_limits<int>::max();
        return std::max(0, definition.capacity - users - reserved);
    }
};

} // namespace Rollcall::Rooms

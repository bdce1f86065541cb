// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/matchmaker.h"

#include <tuple>

namespace Rollcall::Rooms {

Matchmaker::Choice Matchmaker::hottest(std::span<const RoomStatus> rooms, const Wish &wish)
{
    const auto isInRegion = [&wish](const RoomStatus &room) {
        return !wish.region.isEmpty() && room.definition.region == wish.region;
    };
    Choice choice;
    for (const RoomStatus &room : rooms) {
        const RoomDefinition &definition = room.definition;
        if (definition.isPrivate || definition.kind != RoomKind::Room || room.isFull()
            || (!wish.theme.isEmpty() && definition.theme != wish.theme)
            || (wish.isExcluded && wish.isExcluded(definition.id)))
            continue;
        ++choice.candidates;
        const auto rank = [&](const RoomStatus &one) {
            return std::tuple(isInRegion(one), one.users, one.freeSeats());
        };
        // Equal ones: by id, so that all nodes choose alike.
        if (!choice.room || rank(room) > rank(*choice.room)
            || (rank(room) == rank(*choice.room) && definition.id < choice.room->definition.id))
            choice.room = &room;
    }
    choice.isSameRegion = choice.room && isInRegion(*choice.room);
    return choice;
}

} // namespace Rollcall::Rooms

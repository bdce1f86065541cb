// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/rooms/roomstatus.h"

#include <QSet>

#include <functional>
#include <span>

namespace Rollcall::Rooms {

/// Finds the room that somebody should be put into: among public rooms of kind `room` that are not
/// full, those of the wanted region first, then the one with most people, then the one with most
/// free seats. If the region has none: the hottest anywhere.
class Matchmaker
{
public:
    struct Wish
    {
        QByteArray region; ///< empty: any
        QByteArray theme; ///< empty: any; only rooms of this theme otherwise
        std::function<bool(const RoomId &)> isExcluded = {}; ///< blocked, or tried already
    };

    struct Choice
    {
        const RoomStatus *room = nullptr; ///< null: none
        bool isSameRegion = false;
        int candidates = 0; ///< rooms that could have been chosen
    };

    /// One pass; what it returns points into `rooms`.
    static Choice hottest(std::span<const RoomStatus> rooms, const Wish &wish);
};

} // namespace Rollcall::Rooms

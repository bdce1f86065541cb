// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/httpservice.h"
#include "core/services/roomdirectory.h"

#include <QString>

#include <chrono>
#include <optional>
#include <vector>

namespace Rollcall {
class Configuration;
}

namespace Rollcall::Rooms {

/// A room of the configuration.
struct ConfiguredRoom
{
    RoomDefinition definition;
    std::optional<int> stubOccupancy; ///< shown instead of the real one with `rooms.stubOccupancy`
};

/// The sections `rooms` and `client`.
struct RoomsConfig
{
    std::vector<ConfiguredRoom> rooms; ///< ids are unique
    bool autoCreate = false; ///< joining an unknown room makes it
    int defaultCapacity = 50;
    int maxRooms = 10'000; ///< operators' and automatic ones included
    std::chrono::milliseconds reservationTtl{15'000};
    std::chrono::milliseconds tokenLifetime{60'000};
    std::chrono::milliseconds renderInterval{100};
    HttpRate joinRate{100, 5'000}; ///< of POST /rooms/join, of each address
    bool hasAffinity = true; ///< clients are sent where most of the room is
    int joinAttempts = 32; ///< rooms tried for one join of "the hottest"
    bool useStubOccupancy = false;

    QString clientProvider = QStringLiteral("ws"); ///< ws or sim
    bool clientMock = false;
    std::chrono::milliseconds clientReconnectInterval{1000};

    static RoomsConfig read(Configuration &configuration);
};

} // namespace Rollcall::Rooms

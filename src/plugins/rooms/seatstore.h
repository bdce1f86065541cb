// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/result.h"
#include "core/base/strongid.h"

#include <QObject>

#include <chrono>
#include <functional>

namespace Rollcall::Rooms {

enum class SeatDecision {
    Full,
    Held, ///< reserved for this user until the time given, or taken over by the membership
    Member, ///< already counted: no seat is needed
};

/// Decides who gets the seats of a room: distinct users, members and unexpired reservations united,
/// never exceed the capacity, however many ask at once.
class SeatStore
{
public:
    using Callback = std::function<void(const Result<SeatDecision> &)>;

    virtual ~SeatStore();

    /// `capacity` > 0. A repeated call renews the reservation. `done` runs exactly once, perhaps
    /// before this returns, but not after `context` died. Error: Unavailable, when nobody could be
    /// asked in time.
    virtual void reserve(const RoomId &room, int capacity, const UserId &user,
                         std::chrono::milliseconds duration, QObject *context, Callback done) = 0;
    /// Gives a reservation back. Unknown ones are ignored.
    virtual void release(const RoomId &room, const UserId &user) = 0;
};

} // namespace Rollcall::Rooms

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "plugins/rooms/seatstore.h"

#include <unordered_map>

namespace Rollcall {
class PresenceService;
}

namespace Rollcall::Rooms {

/// Seats of one node in RAM; and, beside Redis, this node's picture of all nodes' reservations,
/// from which rooms are listed and chosen and which decides while Redis does not answer.
///
/// A reservation ends when it expires, is released, or its user becomes a member.
class MemorySeatStore : public QObject, public SeatStore
{
    Q_OBJECT
public:
    MemorySeatStore(PresenceService &presence, Clock &clock, QObject *parent = nullptr);
    ~MemorySeatStore() override;

    void reserve(const RoomId &room, int capacity, const UserId &user,
                 std::chrono::milliseconds duration, QObject *context, Callback done) override;
    void release(const RoomId &room, const UserId &user) override;

    /// What reserve() decides, at once.
    SeatDecision decide(const RoomId &room, int capacity, const UserId &user,
                        std::chrono::milliseconds duration);
    /// Somebody else decided: the seat is held.
    void hold(const RoomId &room, const UserId &user, std::chrono::milliseconds duration);
    /// Unexpired reservations.
    int reserved(const RoomId &room) const;
    /// Forgets what has expired. Called when numbers are asked for; cheap when nothing is due.
    void expire();

Q_SIGNALS:
    void reservedChanged(const Rollcall::RoomId &room, int reserved);

private:
    using Expiries = std::unordered_map<UserId, Clock::SteadyTime>;

    void remove(const RoomId &room, const UserId &user);
    void expireRoom(const RoomId &room);

    PresenceService &m_presence;
    Clock &m_clock;
    std::unordered_map<RoomId, Expiries> m_rooms;
    Clock::SteadyTime m_nextExpiry = Clock::SteadyTime::max(); // never later than the earliest
};

} // namespace Rollcall::Rooms

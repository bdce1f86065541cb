// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/strongid.h"

#include <array>
#include <unordered_map>

namespace Rollcall::Rooms {

/// What happened in each room during the last minute, in steps of five seconds.
///
/// Joins and leaves are everybody's; messages (chat and movement) are those that this node
/// received.
class RoomActivity
{
public:
    struct Minute
    {
        int joined = 0;
        int left = 0;
        int messages = 0;
    };

    explicit RoomActivity(Clock &clock);

    void countJoined(const RoomId &room) { ++bucket(room).joined; }
    void countLeft(const RoomId &room) { ++bucket(room).left; }
    void countMessage(const RoomId &room) { ++bucket(room).messages; }
    Minute lastMinute(const RoomId &room) const;

private:
    static constexpr int kBuckets = 12;
    struct Ring
    {
        std::array<Minute, kBuckets> buckets;
        qint64 step = 0; // of the newest bucket
    };

    qint64 currentStep() const;
    Minute &bucket(const RoomId &room);
    void forgetSilentRooms(qint64 step);

    Clock &m_clock;
    std::unordered_map<RoomId, Ring> m_rooms;
    qint64 m_sweptAt = 0; // step
};

} // namespace Rollcall::Rooms

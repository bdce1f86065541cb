// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/roomactivity.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace Rollcall::Rooms {

namespace {

constexpr auto kStep = 5s;

} // namespace

RoomActivity::RoomActivity(Clock &clock)
    : m_clock(clock)
    , m_sweptAt(currentStep())
{ }

qint64 RoomActivity::currentStep() const { return m_clock.now().time_since_epoch() / kStep; }

RoomActivity::Minute &RoomActivity::bucket(const RoomId &room)
{
    const qint64 step = currentStep();
    if (step - m_sweptAt >= kBuckets)
        forgetSilentRooms(step);
    Ring &ring = m_rooms.try_emplace(room, Ring{{}, step}).first->second;
    const qint64 passed = std::min<qint64>(step - ring.step, kBuckets);
    for (qint64 i = 1; i <= passed; ++i)
        ring.buckets[size_t((ring.step + i) % kBuckets)] = {};
    ring.step = step;
    return ring.buckets[size_t(step % kBuckets)];
}

RoomActivity::Minute RoomActivity::lastMinute(const RoomId &room) const
{
    const auto it = m_rooms.find(room);
    Minute sum;
    if (it == m_rooms.end())
        return sum;
    const Ring &ring = it->second;
    const qint64 oldest = std::max(currentStep(), ring.step) - kBuckets + 1;
    for (qint64 step = std::max(oldest, ring.step - kBuckets + 1); step <= ring.step; ++step) {
        const Minute &bucket = ring.buckets[size_t(step % kBuckets)];
        sum.joined += bucket.joined;
        sum.left += bucket.left;
        sum.messages += bucket.messages;
    }
    return sum;
}

void RoomActivity::forgetSilentRooms(qint64 step)
{
    std::erase_if(m_rooms,
                  [step](const auto &entry) { return step - entry.second.step >= kBuckets; });
    m_sweptAt = step;
}

} // namespace Rollcall::Rooms

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/timerwheel.h"

#include <algorithm>
#include <utility>

namespace Rollcall::Realtime {

TimerWheel::TimerWheel(Clock &clock, Due due)
    : m_clock(clock)
    , m_due(std::move(due))
    , m_timer(clock.createTimer([this] { advance(); }))
    , m_start(clock.now())
{ }

// Rounded up: the slot is handled at or after the time.
qint64 TimerWheel::tickOf(Time when) const
{
    return (when - m_start + kResolution - Clock::SteadyTime::duration(1)) / kResolution;
}

void TimerWheel::schedule(quint64 id, Time when)
{
    if (when == kNever)
        return;
    if (m_count++ == 0 && !m_timer->isActive()) {
        m_tick = (m_clock.now() - m_start) / kResolution;
        m_timer->startRepeating(kResolution);
    }
    // What lies beyond the last slot waits there and goes round again.
    const qint64 tick = std::clamp(tickOf(when), m_tick + 1, m_tick + kSlots - 1);
    m_slots[size_t(tick % kSlots)].push_back({id, when});
}

void TimerWheel::advance()
{
    const Time now = m_clock.now();
    const qint64 current = (now - m_start) / kResolution;
    // After a long stall each slot is handled once: entries know their own time.
    m_tick = std::max(m_tick, current - kSlots);
    while (m_tick < current) {
        ++m_tick;
        const std::vector<Entry> entries = std::exchange(m_slots[size_t(m_tick % kSlots)], {});
        m_count -= entries.size();
        for (const Entry &entry : entries)
            schedule(entry.id, entry.when > now ? entry.when : m_due(entry.id, now));
    }
    if (m_count == 0)
        m_timer->stop();
}

} // namespace Rollcall::Realtime

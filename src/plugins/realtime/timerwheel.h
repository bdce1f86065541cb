// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"

#include <QtGlobal>

#include <array>
#include <functional>
#include <memory>
#include <vector>

namespace Rollcall::Realtime {

/// One timer for the deadlines of all connections: coarse (100 ms), never early.
///
/// Entries are not cancelled. The callback is asked whether its id still has something to wait for,
/// and says when.
class TimerWheel
{
public:
    using Time = Clock::SteadyTime;
    /// Called when `id` is due. Returns when to call again; Time::max(): never.
    using Due = std::function<Time(quint64 id, Time now)>;

    static constexpr Time kNever = Time::max();

    TimerWheel(Clock &clock, Due due);

    /// kNever is ignored.
    void schedule(quint64 id, Time when);

private:
    static constexpr std::chrono::milliseconds kResolution{100};
    static constexpr qint64 kSlots = 512;

    qint64 tickOf(Time when) const;
    void advance();

    Clock &m_clock;
    Due m_due;
    std::unique_ptr<ClockTimer> m_timer;
    Time m_start;
    qint64 m_tick = 0; ///< the last one that was handled
    size_t m_count = 0;
    struct Entry
    {
        quint64 id;
        Time when;
    };
    std::array<std::vector<Entry>, kSlots> m_slots;
};

} // namespace Rollcall::Realtime

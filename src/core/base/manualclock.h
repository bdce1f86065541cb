// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"

#include <vector>

namespace Rollcall {

/// A Clock that stands still until it is told to move. For tests, and for replaying schedules.
class ROLLCALL_BASE_EXPORT ManualClock final : public Clock
{
public:
    ManualClock();
    ~ManualClock() override;

    SteadyTime now() const override { return m_now; }
    WallTime wallNow() const override { return m_wall; }
    std::unique_ptr<ClockTimer> createTimer(std::function<void()> callback) override;

    /// Moves both times on and fires, in order of their deadlines, every timer that falls due on
    /// the way.
    void advance(std::chrono::milliseconds by);
    /// Steps the wall clock only, as NTP or an operator does.
    void stepWall(std::chrono::milliseconds by);

private:
    friend class ManualClockTimer;
    SteadyTime m_now;
    WallTime m_wall;
    std::vector<class ManualClockTimer *> m_timers; // borrowed: each removes itself
};

} // namespace Rollcall

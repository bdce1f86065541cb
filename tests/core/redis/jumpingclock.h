// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace Rollcall {

/// Time that goes on in jumps: what fell due meanwhile fires afterwards, late.
class JumpingClock final : public Clock
{
    class Timer final : public ClockTimer
    {
    public:
        Timer(JumpingClock &clock, std::function<void()> callback)
            : m_clock(clock)
            , m_callback(std::move(callback))
        {
            m_clock.m_timers.push_back(this);
        }
        ~Timer() override { std::erase(m_clock.m_timers, this); }
        void startOnce(std::chrono::milliseconds delay) override
        {
            start(delay, std::chrono::milliseconds(0));
        }
        void startRepeating(std::chrono::milliseconds interval) override
        {
            start(interval, interval);
        }
        void stop() override { m_isActive = false; }
        bool isActive() const override { return m_isActive; }
        SteadyTime due() const { return m_due; }
        void fire()
        {
            m_isActive = m_interval > std::chrono::milliseconds(0);
            m_due = m_clock.now() + m_interval;
            m_callback();
        }

    private:
        void start(std::chrono::milliseconds delay, std::chrono::milliseconds interval)
        {
            m_due = m_clock.now() + delay;
            m_interval = interval;
            m_isActive = true;
        }
        JumpingClock &m_clock;
        std::function<void()> m_callback;
        SteadyTime m_due;
        std::chrono::milliseconds m_interval{0};
        bool m_isActive = false;
    };

public:
    SteadyTime now() const override { return m_now; }
    WallTime wallNow() const override { return WallTime(); }
    std::unique_ptr<ClockTimer> createTimer(std::function<void()> callback) override
    {
        return std::make_unique<Timer>(*this, std::move(callback));
    }
    void jump(std::chrono::milliseconds by)
    {
        m_now += by;
        std::vector<Timer *> due;
        std::ranges::copy_if(m_timers, std::back_inserter(due), [this](Timer *timer) {
            return timer->isActive() && timer->due() <= m_now;
        });
        std::ranges::sort(due, {}, &Timer::due);
        for (Timer *timer : due) {
            if (timer->isActive() && timer->due() <= m_now)
                timer->fire();
        }
    }

private:
    SteadyTime m_now{std::chrono::hours(1)};
    std::vector<Timer *> m_timers;
};

} // namespace Rollcall

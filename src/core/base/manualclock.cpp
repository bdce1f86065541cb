// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/manualclock.h"

#include <algorithm>

namespace Rollcall {

class ManualClockTimer final : public ClockTimer
{
public:
    ManualClockTimer(ManualClock &clock, std::function<void()> callback)
        : m_clock(clock)
        , m_callback(std::move(callback))
    {
        m_clock.m_timers.push_back(this);
    }
    ~ManualClockTimer() override { std::erase(m_clock.m_timers, this); }

    void startOnce(std::chrono::milliseconds delay) override
    {
        start(delay, std::chrono::milliseconds(0));
    }
    void startRepeating(std::chrono::milliseconds interval) override
    {
        Q_ASSERT(interval.count() > 0);
        start(interval, interval);
    }
    void stop() override { m_active = false; }
    bool isActive() const override { return m_active; }

    Clock::SteadyTime due() const { return m_due; }
    void fire()
    {
        if (m_interval.count() > 0)
            m_due += m_interval;
        else
            m_active = false;
        auto run = m_callback; // a copy: the callback may destroy this timer while it runs
        run();
    }

private:
    void start(std::chrono::milliseconds delay, std::chrono::milliseconds interval)
    {
        m_due = m_clock.m_now + std::max(delay, std::chrono::milliseconds(0));
        m_interval = interval;
        m_active = true;
    }

    ManualClock &m_clock;
    std::function<void()> m_callback;
    Clock::SteadyTime m_due;
    std::chrono::milliseconds m_interval{0};
    bool m_active = false;
};

ManualClock::ManualClock()
    : m_now(std::chrono::hours(1))
    , m_wall(std::chrono::duration_cast<WallTime::duration>(std::chrono::seconds(1'800'000'000)))
{ }

ManualClock::~ManualClock() = default;

std::unique_ptr<ClockTimer> ManualClock::createTimer(std::function<void()> callback)
{
    return std::make_unique<ManualClockTimer>(*this, std::move(callback));
}

void ManualClock::advance(std::chrono::milliseconds by)
{
    const SteadyTime until = m_now + by;
    for (;;) {
        ManualClockTimer *next = nullptr;
        for (ManualClockTimer *timer : m_timers) {
            if (timer->isActive() && timer->due() <= until && (!next || timer->due() < next->due()))
                next = timer;
        }
        if (!next)
            break;
        const SteadyTime at = std::max(m_now, next->due());
        m_wall += std::chrono::duration_cast<WallTime::duration>(at - m_now);
        m_now = at;
        next->fire();
    }
    m_wall += std::chrono::duration_cast<WallTime::duration>(until - m_now);
    m_now = until;
}

void ManualClock::stepWall(std::chrono::milliseconds by) { m_wall += by; }

} // namespace Rollcall

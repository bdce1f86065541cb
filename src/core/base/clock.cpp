// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/clock.h"

#include <QTimer>

namespace Rollcall {

namespace {

class SystemClockTimer final : public ClockTimer
{
public:
    explicit SystemClockTimer(std::function<void()> callback)
        : m_callback(std::move(callback))
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        // A copy: the callback may destroy this timer while it runs.
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            auto run = m_callback;
            run();
        });
    }

    void startOnce(std::chrono::milliseconds delay) override
    {
        m_timer.setSingleShot(true);
        m_timer.start(std::max(delay, std::chrono::milliseconds(0)));
    }
    void startRepeating(std::chrono::milliseconds interval) override
    {
        Q_ASSERT(interval.count() > 0);
        m_timer.setSingleShot(false);
        m_timer.start(interval);
    }
    void stop() override { m_timer.stop(); }
    bool isActive() const override { return m_timer.isActive(); }

private:
    QTimer m_timer;
    std::function<void()> m_callback;
};

} // namespace

ClockTimer::~ClockTimer() = default;
Clock::~Clock() = default;

qint64 Clock::wallMs() const
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(wallNow().time_since_epoch())
        .count();
}

Clock::SteadyTime SystemClock::now() const { return std::chrono::steady_clock::now(); }

Clock::WallTime SystemClock::wallNow() const { return std::chrono::system_clock::now(); }

std::unique_ptr<ClockTimer> SystemClock::createTimer(std::function<void()> callback)
{
    return std::make_unique<SystemClockTimer>(std::move(callback));
}

} // namespace Rollcall

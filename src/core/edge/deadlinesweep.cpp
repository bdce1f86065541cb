// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/deadlinesweep.h"

#include <QtGlobal>

namespace Rollcall {

DeadlineSweep::DeadlineSweep(Clock &clock)
    : m_clock(clock)
    , m_timer(clock.createTimer([this] { sweep(); }))
{ }

DeadlineSweep::~DeadlineSweep()
{
    for (Deadline *deadline : m_running)
        deadline->m_place = Deadline::kNowhere;
}

void DeadlineSweep::add(Deadline *deadline)
{
    deadline->m_place = m_running.size();
    m_running.push_back(deadline);
    if (!m_timer->isActive())
        m_timer->startRepeating(kInterval);
}

void DeadlineSweep::remove(Deadline *deadline)
{
    Deadline *last = m_running.back();
    m_running[deadline->m_place] = last;
    last->m_place = deadline->m_place;
    m_running.pop_back();
    deadline->m_place = Deadline::kNowhere;
}

void DeadlineSweep::sweep()
{
    const Clock::SteadyTime now = m_clock.now();
    // From the end: what remove() moves to a smaller place has been looked at already.
    for (size_t i = m_running.size(); i-- > 0;) {
        if (i >= m_running.size() || m_running[i]->m_due > now)
            continue;
        Deadline *deadline = m_running[i];
        deadline->stop();
        const std::function<void()> run =
            deadline->m_callback; // a copy: it may destroy the deadline
        run();
    }
    if (m_running.empty())
        m_timer->stop();
}

void Deadline::start(std::chrono::milliseconds delay)
{
    m_due = m_sweep.clock().now() + delay;
    if (!isRunning())
        m_sweep.add(this);
}

void Deadline::stop()
{
    if (isRunning())
        m_sweep.remove(this);
}

} // namespace Rollcall

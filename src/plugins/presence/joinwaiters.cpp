// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/joinwaiters.h"

#include <algorithm>
#include <set>

namespace Rollcall::Presence {

JoinWaiters::JoinWaiters(Clock &clock, Answer answer)
    : m_clock(clock)
    , m_answer(std::move(answer))
    , m_timer(clock.createTimer([this] { expire(); }))
{ }

void JoinWaiters::add(Waiter waiter)
{
    m_waiters.push_back(std::move(waiter));
    if (!m_timer->isActive())
        expire();
}

int JoinWaiters::finish(const RoomId &room)
{
    std::vector<Waiter> ready;
    std::erase_if(m_waiters, [&](Waiter &waiter) {
        if (waiter.room != room)
            return false;
        ready.push_back(waiter);
        return true;
    });
    std::set<ConnectionId> told; // each once, though it may have joined repeatedly
    for (const Waiter &waiter : ready) {
        if (m_answer(waiter))
            told.insert(waiter.connection);
    }
    return int(told.size());
}

void JoinWaiters::finishAll()
{
    const std::deque<Waiter> ready = std::exchange(m_waiters, {});
    for (const Waiter &waiter : ready)
        m_answer(waiter);
}

void JoinWaiters::expire()
{
    const Clock::SteadyTime now = m_clock.now();
    std::vector<Waiter> late;
    while (!m_waiters.empty() && m_waiters.front().deadline <= now) {
        late.push_back(std::move(m_waiters.front()));
        m_waiters.pop_front();
    }
    if (!m_waiters.empty())
        m_timer->startOnce(
            std::chrono::ceil<std::chrono::milliseconds>(m_waiters.front().deadline - now));
    for (const Waiter &waiter : late)
        m_answer(waiter);
}

} // namespace Rollcall::Presence

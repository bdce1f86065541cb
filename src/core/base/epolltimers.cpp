// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/epolltimers_p.h"

#include <QCoreApplication>
#include <QTimerEvent>

#include <vector>

namespace Rollcall {

namespace {

constexpr qint64 kNsPerMs = 1'000'000;

qint64 nowNs()
{
    using namespace std::chrono;
    return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

qint64 deadline(qint64 from, qint64 intervalMs, Qt::TimerType type)
{
    const qint64 due = from + intervalMs * kNsPerMs;
    if (type == Qt::PreciseTimer || intervalMs < 20)
        return due;
    qint64 grid = kNsPerMs;
    if (type == Qt::VeryCoarseTimer) {
        grid = 1000 * kNsPerMs;
    } else {
        while (grid * 2 <= intervalMs * kNsPerMs / 20)
            grid *= 2;
    }
    return std::max(from, (due + grid / 2) / grid * grid);
}

} // namespace

void EpollTimers::add(int id, qint64 intervalMs, Qt::TimerType type, QObject *object)
{
    const qint64 interval = std::max<qint64>(intervalMs, 0);
    Timer timer{interval, type, object, deadline(nowNs(), interval, type)};
    enqueue(id, timer);
    m_timers.insert_or_assign(id, timer);
}

bool EpollTimers::remove(int id)
{
    const auto it = m_timers.find(id);
    if (it == m_timers.end())
        return false;
    dequeue(it->second);
    m_timers.erase(it);
    return true;
}

bool EpollTimers::removeAll(QObject *object)
{
    bool any = false;
    for (auto it = m_timers.begin(); it != m_timers.end();) {
        if (it->second.object != object) {
            ++it;
            continue;
        }
        dequeue(it->second);
        it = m_timers.erase(it);
        any = true;
    }
    return any;
}

QList<QAbstractEventDispatcher::TimerInfo> EpollTimers::of(QObject *object) const
{
    QList<QAbstractEventDispatcher::TimerInfo> list;
    for (const auto &[id, timer] : m_timers) {
        if (timer.object == object)
            list.append({id, int(timer.intervalMs), timer.type});
    }
    return list;
}

int EpollTimers::remainingMs(int id) const
{
    const auto it = m_timers.find(id);
    if (it == m_timers.end())
        return -1;
    return int(std::max<qint64>(0, (it->second.due - nowNs() + kNsPerMs - 1) / kNsPerMs));
}

int EpollTimers::timeoutMs() const
{
    if (m_queue.empty())
        return -1;
    const qint64 wait = m_queue.begin()->first - nowNs();
    return wait <= 0 ? 0 : int(std::min<qint64>((wait + kNsPerMs - 1) / kNsPerMs, 1 << 30));
}

bool EpollTimers::activate()
{
    if (m_queue.empty())
        return false;
    const qint64 now = nowNs();
    // Collected first: a timer of 0 ms must not starve the rest of the turn.
    std::vector<int> due;
    for (auto it = m_queue.begin(); it != m_queue.end() && it->first <= now; ++it)
        due.push_back(it->second);
    for (const int id : due) {
        auto it = m_timers.find(id);
        if (it == m_timers.end() || it->second.isActive || it->second.due > now)
            continue;
        m_queue.erase(it->second.place);
        it->second.isActive = true;
        it->second.due += it->second.intervalMs * kNsPerMs;
        if (it->second.due < now) // periods that were missed are dropped
            it->second.due = deadline(now, it->second.intervalMs, it->second.type);
        QTimerEvent event(id);
        QCoreApplication::sendEvent(it->second.object, &event);
        it = m_timers.find(
            id); // the slot may have stopped it, or stopped and started another with its id
        if (it != m_timers.end() && it->second.isActive) {
            it->second.isActive = false;
            enqueue(id, it->second);
        }
    }
    return !due.empty();
}

} // namespace Rollcall

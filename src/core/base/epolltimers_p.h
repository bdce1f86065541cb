// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractEventDispatcher>

#include <chrono>
#include <map>
#include <unordered_map>

namespace Rollcall {

/// The timers of an EpollDispatcher, ordered by deadline. Times are nanoseconds of the steady
/// clock.
///
/// Precise timers keep their own deadline. Coarse ones are moved by up to 5 % to a shared grid, so
/// that many fire in one turn; very coarse ones go to whole seconds.
class EpollTimers
{
public:
    void add(int id, qint64 intervalMs, Qt::TimerType type, QObject *object);
    bool remove(int id);
    bool removeAll(QObject *object);
    QList<QAbstractEventDispatcher::TimerInfo> of(QObject *object) const;
    /// -1: no such timer.
    int remainingMs(int id) const;

    /// For epoll_wait: -1 without timers, rounded up so that no turn is too early.
    int timeoutMs() const;
    /// Sends the timer events that are due now; each timer once, and none that is already being
    /// delivered.
    bool activate();

private:
    struct Timer
    {
        qint64 intervalMs;
        Qt::TimerType type;
        QObject *object;
        qint64 due;
        bool isActive = false; // being delivered: not in the queue
        std::multimap<qint64, int>::iterator place{};
    };
    void enqueue(int id, Timer &timer) { timer.place = m_queue.emplace(timer.due, id); }
    void dequeue(Timer &timer)
    {
        if (!timer.isActive)
            m_queue.erase(timer.place);
    }

    std::unordered_map<int, Timer> m_timers;
    std::multimap<qint64, int> m_queue;
};

} // namespace Rollcall

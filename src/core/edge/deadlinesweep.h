// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"

#include <functional>
#include <memory>
#include <vector>

namespace Rollcall {

class Deadline;

/// One timer for the deadlines of all connections: a look at those that run, every 100 ms while
/// there are any.
///
/// So a deadline may be up to that much late, and setting one costs no more than an addition.
class DeadlineSweep
{
public:
    static constexpr std::chrono::milliseconds kInterval{100};

    explicit DeadlineSweep(Clock &clock);
    ~DeadlineSweep();
    DeadlineSweep(const DeadlineSweep &) = delete;
    DeadlineSweep &operator=(const DeadlineSweep &) = delete;

    Clock &clock() const { return m_clock; }

private:
    friend class Deadline;
    void add(Deadline *deadline);
    void remove(Deadline *deadline);
    void sweep();

    Clock &m_clock;
    std::unique_ptr<ClockTimer> m_timer;
    std::vector<Deadline *> m_running; // borrowed: each removes itself
};

/// Something that must have happened by a time. Stops when destroyed; its callback may destroy it.
class Deadline
{
public:
    Deadline(DeadlineSweep &sweep, std::function<void()> callback)
        : m_sweep(sweep)
        , m_callback(std::move(callback))
    { }
    ~Deadline() { stop(); }
    Deadline(const Deadline &) = delete;
    Deadline &operator=(const Deadline &) = delete;

    /// From now; replaces a running one.
    void start(std::chrono::milliseconds delay);
    void stop();
    bool isRunning() const { return m_place != kNowhere; }

private:
    friend class DeadlineSweep;
    static constexpr size_t kNowhere = ~size_t(0);

    DeadlineSweep &m_sweep;
    std::function<void()> m_callback;
    Clock::SteadyTime m_due;
    size_t m_place = kNowhere;
};

} // namespace Rollcall

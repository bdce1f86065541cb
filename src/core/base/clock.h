// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QObject>

#include <chrono>
#include <functional>
#include <memory>

namespace Rollcall {

/// A timer that follows a Clock: with a ManualClock it fires from advance(), otherwise from the
/// event loop.
///
/// Owned by whoever created it; destroying it stops it. Its callback may stop, restart or destroy
/// it.
class ROLLCALL_BASE_EXPORT ClockTimer
{
public:
    virtual ~ClockTimer();

    /// Fires once, `delay` from now. Restarts a running timer.
    virtual void startOnce(std::chrono::milliseconds delay) = 0;
    /// Fires every `interval` (> 0). Periods that were missed are dropped.
    virtual void startRepeating(std::chrono::milliseconds interval) = 0;
    virtual void stop() = 0;
    virtual bool isActive() const = 0;
};

/// Where time is read. Everything that waits, expires or stamps takes a Clock, so that tests decide
/// what time it is.
class ROLLCALL_BASE_EXPORT Clock
{
public:
    using SteadyTime = std::chrono::steady_clock::time_point;
    using WallTime = std::chrono::system_clock::time_point;

    virtual ~Clock();

    /// Never goes back; for deadlines and durations.
    virtual SteadyTime now() const = 0;
    /// May step; for what is shown or shared, never for deadlines.
    virtual WallTime wallNow() const = 0;
    /// Milliseconds since the epoch, as on the wire.
    qint64 wallMs() const;

    /// The callback runs on the thread that created the timer.
    virtual std::unique_ptr<ClockTimer> createTimer(std::function<void()> callback) = 0;
};

class ROLLCALL_BASE_EXPORT SystemClock final : public Clock
{
public:
    SteadyTime now() const override;
    WallTime wallNow() const override;
    std::unique_ptr<ClockTimer> createTimer(std::function<void()> callback) override;
};

} // namespace Rollcall

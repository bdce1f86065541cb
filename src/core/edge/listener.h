// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <QHostAddress>
#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace Rollcall {

/// One listening socket: accepts, at most so many per second, and goes on after the descriptors ran
/// out.
class Listener
{
public:
    /// Owns the (non-blocking) descriptor from now on.
    using AcceptHandler =
        std::function<void(int descriptor, const QHostAddress &peer, quint16 port)>;
    /// A connection had to be dropped because no descriptor was free.
    using ExhaustionHandler = std::function<void()>;

    Listener(Clock &clock, AcceptHandler accepted, ExhaustionHandler exhausted);
    ~Listener();

    Result<void> listen(const QHostAddress &address, quint16 port, int backlog);
    void close();
    quint16 port() const { return m_port; }
    /// Held: connections wait in the backlog.
    void setHeld(bool isHeld);
    /// 0: no limit.
    void setAcceptsPerSecond(qint64 rate);

private:
    void acceptAll();
    enum class Drop { Done, NobodyWaits, NoReserve };
    Drop dropOne();
    void pause(std::chrono::milliseconds duration);
    bool takeAllowance();
    double burst() const;

    Clock &m_clock;
    AcceptHandler m_accepted;
    ExhaustionHandler m_exhausted;
    std::unique_ptr<QSocketNotifier> m_notifier;
    std::unique_ptr<ClockTimer> m_resume;
    Clock::SteadyTime m_allowanceSince;
    double m_allowance = 0;
    qint64 m_acceptsPerSecond = 0;
    bool m_isHeld = false;
    int m_descriptor = -1;
    int m_reserve = -1; // given up for a moment when the descriptors run out
    quint16 m_port = 0;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/clientwire.h"
#include "bench/connection.h"
#include "bench/options.h"
#include "bench/processusage.h"
#include "bench/progress.h"
#include "bench/report.h"
#include "bench/swarm.h"

namespace Rollcall::Bench {

/// A kind of load on a swarm, and what is reported about it.
class Scenario : public SwarmObserver
{
public:
    explicit Scenario(const Options &options);
    ~Scenario() override = default;

    void run();

    void handleReady(Connection &) override { }
    void handleMessage(Connection &, std::string_view, ServerMessage, Microseconds) override { }
    void handleMoving(Connection &) override { }
    void handleLost(Connection &) override { }

protected:
    virtual void execute() = 0;
    virtual void report(Report &report) = 0;

    /// Everybody comes in; fails when they do not all get there.
    void connectAll();
    /// Runs the loop for so long; `each` is called in every turn and says how long it may wait.
    template <typename Each>
    void runFor(double duration, const char *what, Each each);
    void runFor(double duration, const char *what);
    /// On stderr: why the last attempt that failed did, if any.
    void reportFailure() const;
    void beginMeasuring();
    void endMeasuring();
    bool isMeasuring() const { return m_isMeasuring; }
    double elapsed() const { return seconds(m_end - m_begin); }
    double serverCpu() const { return m_serverAfter.cpuSeconds - m_serverBefore.cpuSeconds; }
    /// CPU of the host and of this tool, and connections lost: for every report.
    void reportUsage(Report &report) const;
    void reportLatency(Report &report, const class Histogram &latency) const;

    Options m_options;
    Progress m_progress;
    Swarm m_swarm;

private:
    bool m_isMeasuring = false;
    Microseconds m_begin{0};
    Microseconds m_end{0};
    ProcessUsage m_serverBefore;
    ProcessUsage m_serverAfter;
    ProcessUsage m_ownBefore;
    ProcessUsage m_ownAfter;
};

template <typename Each>
void Scenario::runFor(double duration, const char *what, Each each)
{
    const Microseconds end = now() + fromSeconds(duration);
    for (Microseconds time = now(); time < end; time = now()) {
        m_progress.show(std::string(what) + ", " + std::to_string(int(seconds(end - time)) + 1)
                        + " s left, " + std::to_string(m_swarm.ready()) + " connections");
        const Microseconds wait = each(time);
        m_swarm.turn(std::min(wait, end - time));
    }
}

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/scenario.h"

#include "bench/histogram.h"

#include <cstdio>

namespace Rollcall::Bench {

namespace {

constexpr Microseconds kLongestWait{10'000};

} // namespace

Scenario::Scenario(const Options &options)
    : m_options(options)
    , m_progress(options.isQuiet)
    , m_swarm(m_options, *this)
{ }

void Scenario::run()
{
    execute();
    Report result(m_options.scenario);
    report(result);
    if (m_options.isJson)
        result.printJson();
    else
        result.printTable();
}

void Scenario::connectAll()
{
    m_swarm.admitAll();
    const int wanted = m_options.connections;
    while (m_swarm.ready() < wanted) {
        m_progress.show("connecting: " + std::to_string(m_swarm.ready()) + " of "
                        + std::to_string(wanted));
        m_swarm.turn(kLongestWait);
        if (m_swarm.failures() > 0 && !m_options.reconnects)
            fail("a connection did not get in: " + m_swarm.lastFailure());
    }
}

void Scenario::reportFailure() const
{
    for (const auto &[why, count] : m_swarm.failuresByCause())
        std::fprintf(stderr, "rollcall-bench: failed, %d times: %s\n", count, why.c_str());
}

void Scenario::runFor(double duration, const char *what)
{
    runFor(duration, what, [](Microseconds) { return kLongestWait; });
}

void Scenario::beginMeasuring()
{
    m_serverBefore = ProcessUsage::of(m_options.pid);
    m_ownBefore = ProcessUsage::ofThisProcess();
    m_begin = now();
    m_isMeasuring = true;
}

void Scenario::endMeasuring()
{
    m_isMeasuring = false;
    m_end = now();
    m_serverAfter = ProcessUsage::of(m_options.pid);
    m_ownAfter = ProcessUsage::ofThisProcess();
}

void Scenario::reportUsage(Report &report) const
{
    if (m_options.pid != 0) {
        report.add("serverCpu", "CPU of the host", serverCpu() / elapsed(), "cores", 3);
        report.add("serverResidentMiB", "memory of the host",
                   m_serverAfter.residentBytes / (1 << 20), "MiB", 1);
    }
    report.add("ownCpu", "CPU of this tool",
               (m_ownAfter.cpuSeconds - m_ownBefore.cpuSeconds) / elapsed(), "cores", 3);
    report.add("lost", "connections lost", double(m_swarm.losses()));
    report.add("failed", "attempts that failed", double(m_swarm.failures()));
}

void Scenario::reportLatency(Report &report, const Histogram &latency) const
{
    const auto milliseconds = [](Microseconds time) { return double(time.count()) / 1000; };
    report.add("p50ms", "latency p50", milliseconds(latency.quantile(0.5)), "ms", 3);
    report.add("p90ms", "latency p90", milliseconds(latency.quantile(0.9)), "ms", 3);
    report.add("p99ms", "latency p99", milliseconds(latency.quantile(0.99)), "ms", 3);
    report.add("maxMs", "latency, largest", milliseconds(latency.largest()), "ms", 3);
}

} // namespace Rollcall::Bench

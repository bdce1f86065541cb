// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/stormscenario.h"

namespace Rollcall::Bench {

void StormScenario::handleReady(Connection &connection)
{
    ++m_entered;
    m_latency.add(now() - connection.startedAt);
}

void StormScenario::execute()
{
    beginMeasuring();
    m_swarm.admitAll();
    const auto isOver = [this] {
        const int out = m_options.reconnects ? 0 : m_swarm.failures();
        return m_entered + out >= m_options.connections;
    };
    while (!isOver()) {
        m_progress.show("arriving: " + std::to_string(m_entered) + " of "
                        + std::to_string(m_options.connections) + ", "
                        + std::to_string(m_swarm.failures()) + " failed");
        m_swarm.turn(Microseconds(10'000));
    }
    endMeasuring();
    reportFailure();
}

void StormScenario::report(Report &report)
{
    report.add("connections", "connections", m_options.connections);
    report.add("entered", m_options.isBare ? "handshakes done" : "in their rooms", m_entered);
    report.add("seconds", "until the last", elapsed(), "s", 3);
    report.add("perSecond", "per second", double(m_entered) / elapsed(), "/s");
    reportLatency(report, m_latency);
    if (m_options.pid != 0)
        report.add("serverCpuPerConnection", "CPU of the host per connection",
                   serverCpu() * 1e6 / std::max(m_entered, 1), "us", 1);
    reportUsage(report);
}

} // namespace Rollcall::Bench

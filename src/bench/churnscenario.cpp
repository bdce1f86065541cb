// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/churnscenario.h"

namespace Rollcall::Bench {

void ChurnScenario::handleReady(Connection &connection)
{
    if (isMeasuring())
        m_latency.add(now() - connection.startedAt);
}

void ChurnScenario::handleMessage(Connection &, std::string_view, ServerMessage, Microseconds)
{
    if (isMeasuring())
        ++m_messages;
}

Microseconds ChurnScenario::work(Microseconds time)
{
    const double rate = m_options.rate > 0 ? m_options.rate : 10;
    for (;;) {
        const Microseconds due = m_start + fromSeconds(double(m_left) / rate);
        if (due > time)
            return due - time;
        // Far from each other, so that one room does not empty.
        constexpr std::uint64_t kStep = 7919;
        Connection &connection =
            m_swarm.at(int(m_left * kStep % std::uint64_t(m_options.connections)));
        if (connection.state == Connection::State::Ready)
            m_swarm.leave(connection, true);
        ++m_left;
    }
}

void ChurnScenario::execute()
{
    connectAll();
    m_start = now();
    const auto each = [this](Microseconds time) { return work(time); };
    runFor(m_options.warmup, "warming up", each);
    beginMeasuring();
    runFor(m_options.seconds, "measuring", each);
    endMeasuring();
}

void ChurnScenario::report(Report &report)
{
    report.add("connections", "connections", m_options.connections);
    report.add("returnsPerSecond", "people who came back", double(m_latency.count()) / elapsed(),
               "/s", 1);
    report.add("messagesPerSecond", "messages received", double(m_messages) / elapsed(), "/s");
    reportLatency(report, m_latency);
    if (m_options.pid != 0 && m_latency.count() > 0)
        report.add("serverCpuPerReturn", "CPU of the host per return",
                   serverCpu() * 1e6 / double(m_latency.count()), "us", 1);
    reportUsage(report);
}

} // namespace Rollcall::Bench

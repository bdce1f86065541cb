// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/heartbeatscenario.h"

#include <cstdlib>

namespace Rollcall::Bench {

void HeartbeatScenario::handleMessage(Connection &, std::string_view text, ServerMessage kind,
                                      Microseconds time)
{
    if (kind != ServerMessage::HeartbeatAck || !isMeasuring())
        return;
    // A number as JSON writes it, perhaps with an exponent.
    const std::string sent(member(text, "clientTimeMs"));
    m_latency.add(time - Microseconds(std::int64_t(std::strtod(sent.c_str(), nullptr))));
}

void HeartbeatScenario::execute()
{
    connectAll();
    runFor(m_options.warmup, "warming up");
    beginMeasuring();
    runFor(m_options.seconds, "measuring");
    endMeasuring();
}

void HeartbeatScenario::report(Report &report)
{
    report.add("connections", "connections", m_swarm.ready());
    report.add("heartbeatsPerSecond", "heartbeats answered", double(m_latency.count()) / elapsed(),
               "/s", 1);
    reportLatency(report, m_latency);
    if (m_options.pid != 0 && m_latency.count() > 0)
        report.add("serverCpuPerHeartbeat", "CPU of the host per heartbeat",
                   serverCpu() * 1e6 / double(m_latency.count()), "us", 2);
    reportUsage(report);
}

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/idlescenario.h"

namespace Rollcall::Bench {

void IdleScenario::execute()
{
    m_empty = ProcessUsage::of(m_options.pid);
    connectAll();
    runFor(m_options.warmup, "settling");
    m_full = ProcessUsage::of(m_options.pid);
    beginMeasuring();
    runFor(m_options.seconds, "measuring");
    endMeasuring();
}

void IdleScenario::report(Report &report)
{
    report.add("connections", "connections", m_swarm.ready());
    if (m_options.pid != 0)
        report.add("bytesPerConnection", "memory of the host per connection",
                   (m_full.residentBytes - m_empty.residentBytes) / m_options.connections, "bytes");
    reportUsage(report);
}

} // namespace Rollcall::Bench

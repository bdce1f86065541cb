// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/histogram.h"
#include "bench/scenario.h"

namespace Rollcall::Bench {

/// Everybody arrives at once, --at-once of them on the way at a time. Who does not get in is
/// counted, not waited for.
class StormScenario final : public Scenario
{
public:
    using Scenario::Scenario;

    void handleReady(Connection &connection) override;

private:
    void execute() override;
    void report(Report &report) override;

    Histogram m_latency;
    int m_entered = 0;
};

} // namespace Rollcall::Bench

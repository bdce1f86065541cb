// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/histogram.h"
#include "bench/scenario.h"

namespace Rollcall::Bench {

/// Everybody is in a room and beats; the answers are timed from when the beat was due.
class HeartbeatScenario final : public Scenario
{
public:
    using Scenario::Scenario;

    void handleMessage(Connection &connection, std::string_view text, ServerMessage kind,
                       Microseconds time) override;

private:
    void execute() override;
    void report(Report &report) override;

    Histogram m_latency;
};

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/histogram.h"
#include "bench/scenario.h"

namespace Rollcall::Bench {

/// People leave and come back, --rate of them per second (10 unless given); coming in is timed.
class ChurnScenario final : public Scenario
{
public:
    using Scenario::Scenario;

    void handleReady(Connection &connection) override;
    void handleMessage(Connection &connection, std::string_view text, ServerMessage kind,
                       Microseconds time) override;

private:
    void execute() override;
    void report(Report &report) override;
    Microseconds work(Microseconds time);

    Histogram m_latency;
    Microseconds m_start{0};
    std::uint64_t m_left = 0;
    std::uint64_t m_messages = 0;
};

} // namespace Rollcall::Bench

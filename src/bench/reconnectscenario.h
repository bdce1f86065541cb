// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/histogram.h"
#include "bench/scenario.h"

#include <vector>

namespace Rollcall::Bench {

/// Everybody joins and stays, and comes back from whatever happens to the hosts meanwhile.
class ReconnectScenario final : public Scenario
{
public:
    explicit ReconnectScenario(const Options &options);

    void handleReady(Connection &connection) override;
    void handleMessage(Connection &connection, std::string_view text, ServerMessage kind,
                       Microseconds time) override;
    void handleMoving(Connection &connection) override;
    void handleLost(Connection &connection) override;

private:
    void execute() override;
    void report(Report &report) override;
    void goAway(const Connection &connection);

    Histogram m_away;
    std::vector<Microseconds> m_awaySince; // by connection; 0: it is there
    Microseconds m_firstAsked{0};
    Microseconds m_firstAway{0};
    Microseconds m_lastBack{0};
    int m_asked = 0;
    int m_moved = 0;
    int m_seenLeaving = 0;
};

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/scenario.h"

namespace Rollcall::Bench {

/// Everybody joins and then only beats their heart.
class IdleScenario final : public Scenario
{
public:
    using Scenario::Scenario;

private:
    void execute() override;
    void report(Report &report) override;

    ProcessUsage m_empty;
    ProcessUsage m_full;
};

} // namespace Rollcall::Bench

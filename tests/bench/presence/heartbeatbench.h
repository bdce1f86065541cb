// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/presence/heartbeatway.h"

namespace Rollcall::Bench {

struct HeartbeatPlan
{
    int rounds = 5;
    int compressedRounds = 0; ///< of the same ways back to back
    std::chrono::milliseconds warmUp{1000};
    std::chrono::milliseconds window{5000};
};

/// Runs the ways side by side in interleaved rounds and prints one table, or two.
void runHeartbeats(const Crowd &crowd, const HeartbeatPlan &plan);

} // namespace Rollcall::Bench

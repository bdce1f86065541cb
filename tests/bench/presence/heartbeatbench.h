// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/presence/heartbeatway.h"

namespace Rollcall::Bench {

/// Runs the ways side by side in interleaved rounds and prints one table.
void runHeartbeats(const Crowd &crowd, int rounds);

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace Rollcall::Bench {

using Microseconds = std::chrono::microseconds;

/// Since the machine started: the same for every process on it, and what the messages carry.
Microseconds now();
double seconds(Microseconds time);
Microseconds fromSeconds(double seconds);

} // namespace Rollcall::Bench

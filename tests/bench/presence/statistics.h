// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <vector>

namespace Rollcall::Bench {

/// 0 of nothing.
double median(std::vector<double> values);
/// (largest - smallest) / median.
double spread(const std::vector<double> &values);

/// CPU time of this thread so far.
std::chrono::nanoseconds threadCpu();

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/time.h"

namespace Rollcall::Bench {

Microseconds now()
{
    return std::chrono::duration_cast<Microseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
}

double seconds(Microseconds time) { return double(time.count()) / 1e6; }

Microseconds fromSeconds(double seconds) { return Microseconds(std::int64_t(seconds * 1e6)); }

} // namespace Rollcall::Bench

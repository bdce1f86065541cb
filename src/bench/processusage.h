// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace Rollcall::Bench {

/// What a process has used, from /proc. All zero for pid 0.
struct ProcessUsage
{
    double cpuSeconds = 0;
    double residentBytes = 0;

    /// Exits with a message when there is no such process.
    static ProcessUsage of(int pid);
    static ProcessUsage ofThisProcess();
};

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace Rollcall::ExitCode {

/// What the process ends with; documented by `rollcall help`. From 64 on as in sysexits.h.
enum Value : int {
    Success = 0,
    Failure = 1, ///< a check failed, or not everything stopped before the deadline
    Usage = 2, ///< a wrong command line
    Unavailable = 69, ///< the port is taken, or a service that is needed cannot be had
    Configuration = 78, ///< settings are wrong
};

} // namespace Rollcall::ExitCode

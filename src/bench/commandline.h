// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/options.h"

namespace Rollcall::Bench {

/// Exits with status 2 and a message when an argument is wrong; with 0 after --help.
Options parseCommandLine(int argc, char **argv);

} // namespace Rollcall::Bench

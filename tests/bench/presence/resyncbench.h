// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/presence/heartbeatway.h"

namespace Rollcall::Bench {

/// Redis loses everything; how long a node takes to write what it holds, beside a plain pipelined
/// SET of as many bytes, and what others who ask meanwhile notice.
void runResync(const Crowd &crowd, int rounds);

} // namespace Rollcall::Bench

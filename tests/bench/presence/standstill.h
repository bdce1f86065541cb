// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "support/testredis.h"

#include <chrono>

namespace Rollcall::Bench {

/// Time stands still in a Redis while the others have their turn: nothing in it may expire, or the
/// next turn would begin with everybody entering again. The same for every way, and not measured.
class Standstill
{
public:
    explicit Standstill(TestRedis &redis);

    /// Moves every expiry an hour away.
    void begin();
    /// Back to where it was, later by as long as it lasted.
    void end();

private:
    void shift(std::chrono::milliseconds by, std::chrono::milliseconds least);

    TestRedis &m_redis;
    std::chrono::steady_clock::time_point m_since;
};

} // namespace Rollcall::Bench

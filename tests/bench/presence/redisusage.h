// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "support/testredis.h"

namespace Rollcall::Bench {

/// What a redis-server has spent since it started, from its own INFO.
struct RedisUsage
{
    double cpuSeconds = 0; ///< used_cpu_user + used_cpu_sys
    double inputBytes = 0;
    double memoryBytes = 0;

    static RedisUsage of(TestRedis &redis);
};

} // namespace Rollcall::Bench

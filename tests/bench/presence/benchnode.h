// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/redisconfig.h"
#include "support/testredis.h"

#include <functional>

namespace Rollcall {
class RedisClient;
class RedisHub;
} // namespace Rollcall

namespace Rollcall::Bench {

RedisConfig redisConfig(const TestRedis &redis);
/// Returns when it is up.
void startHub(RedisHub &hub);
/// Runs the event loop until it is true; aborts after a minute.
void runUntil(const std::function<bool()> &isDone, const char *what);
void waitForReplies(RedisClient &client);

} // namespace Rollcall::Bench

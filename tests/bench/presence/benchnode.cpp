// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/benchnode.h"

#include "core/redis/redisclient.h"
#include "core/redis/redishub.h"

#include <QCoreApplication>
#include <QDeadlineTimer>

namespace Rollcall::Bench {

using namespace std::chrono_literals;

RedisConfig redisConfig(const TestRedis &redis)
{
    RedisConfig config;
    config.isEmbedded = false;
    config.options = redis.options();
    return config;
}

void startHub(RedisHub &hub)
{
    if (!hub.start())
        qFatal("the connection to Redis cannot be started");
    runUntil([&hub] { return hub.isUp(); }, "Redis");
}

void runUntil(const std::function<bool()> &isDone, const char *what)
{
    const QDeadlineTimer deadline(60s);
    while (!isDone()) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        if (deadline.hasExpired())
            qFatal("waited a minute for %s", what);
    }
}

void waitForReplies(RedisClient &client)
{
    runUntil([&client] { return client.commandsInFlight() == 0; }, "replies");
}

} // namespace Rollcall::Bench

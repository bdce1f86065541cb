// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/redisusage.h"

namespace Rollcall::Bench {

namespace {

double field(const QByteArray &information, QByteArrayView name)
{
    for (const QByteArray &line : information.split('\n')) {
        if (line.startsWith(name) && line.size() > name.size() && line[name.size()] == ':')
            return line.sliced(name.size() + 1).trimmed().toDouble();
    }
    qFatal("INFO has no %s", name.constData());
    return 0;
}

} // namespace

RedisUsage RedisUsage::of(TestRedis &redis)
{
    const QByteArray information = redis.command({"INFO", "everything"}).text;
    RedisUsage usage;
    usage.cpuSeconds = field(information, "used_cpu_user") + field(information, "used_cpu_sys");
    usage.inputBytes = field(information, "total_net_input_bytes");
    usage.memoryBytes = field(information, "used_memory");
    return usage;
}

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/standstill.h"

#include "bench/presence/rawredis.h"

namespace Rollcall::Bench {

using namespace std::chrono_literals;

namespace {

constexpr auto kAway = std::chrono::hours(1);
// Ours learns at its next look at its lease, within a second, how far Redis' clock has moved on.
// What it wrote before that lives too short by one standstill. Less than it gives any key itself.
constexpr auto kLeast = 30s;

// ARGV 1 by how much (ms), 2 nothing is to end sooner than in (ms)
constexpr char kScript[] = R"lua(
local time = redis.call('TIME')
local least = time[1] * 1000 + ARGV[2]
for _, key in ipairs(redis.call('KEYS', '*')) do
  local at = redis.call('PEXPIRETIME', key)
  if at > 0 then redis.call('PEXPIREAT', key, string.format('%.0f', math.max(at + ARGV[1], least))) end
end
for _, key in ipairs({'presence:deadlines', 'presence:nodes'}) do
  local members = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  for i = 1, #members, 2 do
    local at = math.max(members[i + 1] + ARGV[1], least)
    redis.call('ZADD', key, string.format('%.0f', at), members[i])
  end
end
return redis.status_reply('OK')
)lua";

} // namespace

Standstill::Standstill(TestRedis &redis)
    : m_redis(redis)
{ }

void Standstill::begin()
{
    m_since = std::chrono::steady_clock::now();
    shift(kAway, 0ms);
}

void Standstill::end()
{
    const auto lasted = std::chrono::steady_clock::now() - m_since;
    shift(std::chrono::floor<std::chrono::milliseconds>(lasted) - kAway, kLeast);
}

void Standstill::shift(std::chrono::milliseconds by, std::chrono::milliseconds least)
{
    // Takes seconds with many keys on a busy machine: longer than TestRedis waits.
    RawRedis(m_redis.socketPath())
        .run(RawRedis::encode({"EVAL", kScript, "0", QByteArray::number(qint64(by.count())),
                               QByteArray::number(qint64(least.count()))}),
             1);
}

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/commonways.h"

#include "bench/presence/benchnode.h"
#include "core/redis/redisclient.h"

#include <QDateTime>

#include <array>
#include <thread>

namespace Rollcall::Bench {

namespace {

// KEYS 1 zset, 2 hash; ARGV 1 life (s), 2 deadline (s), 3 who, 4 what the others see of them
constexpr char kScript[] = R"lua(
redis.call('zadd', KEYS[1], ARGV[2], ARGV[3])
redis.call('hset', KEYS[2], ARGV[3], ARGV[4])
redis.call('expire', KEYS[1], ARGV[1])
redis.call('expire', KEYS[2], ARGV[1])
)lua";

constexpr int kAtOnce = 1000;

} // namespace

UnpipelinedWay::UnpipelinedWay(const Crowd &crowd)
    : m_crowd(crowd)
    , m_connection(redis.socketPath())
{ }

void UnpipelinedWay::populate()
{
    for (int person = 0; person < m_crowd.size(); ++person)
        write(person);
}

void UnpipelinedWay::tick(int first, int last)
{
    const auto begin = std::chrono::steady_clock::now();
    const auto pause = std::chrono::nanoseconds(kTick) / (last - first);
    for (int person = first; person < last; ++person) {
        write(person);
        std::this_thread::sleep_until(begin + (person - first + 1) * pause);
    }
}

void UnpipelinedWay::write(int person)
{
    const QByteArray life = QByteArray::number(qint64(kTtl.count()));
    const QByteArray key = "presence:user:" + userName(person);
    const QByteArray now = QByteArray::number(QDateTime::currentMSecsSinceEpoch());
    m_connection.run(RawRedis::encode({"SET", key, now, "EX", life}), 1);
    ++m_commands;
}

ScriptWay::ScriptWay(const Crowd &crowd)
    : m_crowd(crowd)
    , m_hub(redisConfig(redis), m_clock, m_metrics, "script")
    , m_script(kScript)
{
    startHub(m_hub);
}

void ScriptWay::populate()
{
    for (int first = 0; first < m_crowd.size(); first += kAtOnce)
        tick(first, std::min(first + kAtOnce, m_crowd.size()));
}

void ScriptWay::tick(int first, int last)
{
    RedisClient &client = *m_hub.client();
    const QByteArray life = QByteArray::number(qint64(kTtl.count()));
    const QByteArray deadline = QByteArray::number(m_clock.wallMs() / 1000 + kTtl.count());
    for (int person = first; person < last; ++person) {
        const QByteArray room = roomName(m_crowd.roomOf(person));
        const QByteArray user = userName(person);
        const QByteArray zset = "presence.expire." + room;
        const QByteArray hash = "presence.data." + room;
        const QByteArray seen = R"({"client":"5a2b7c1e-)" + user + R"(","user":")" + user
            + R"(","conn_info":{"name":"Somebody","avatar":"a17"}})";
        const std::array<QByteArrayView, 2> keys{zset, hash};
        const std::array<QByteArrayView, 4> arguments{life, deadline, user, seen};
        client.evaluate(m_script, keys, arguments, &m_context, [](const RedisReply &reply) {
            if (!reply.isOk())
                qFatal("the script was refused: %s", reply.text.constData());
        });
    }
    waitForReplies(client);
}

quint64 ScriptWay::commands() const
{
    return const_cast<RedisHub &>(m_hub).client()->commandsSent();
}

} // namespace Rollcall::Bench

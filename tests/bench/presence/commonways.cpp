// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/commonways.h"

#include "bench/presence/benchnode.h"
#include "core/redis/redisclient.h"

#include <QDateTime>

#include <array>

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
        beat(person);
}

void UnpipelinedWay::beat(int person)
{
    const QByteArray life = QByteArray::number(qint64(kTtl.count()));
    const QByteArray key = "presence:user:" + userName(person);
    const QByteArray now = QByteArray::number(QDateTime::currentMSecsSinceEpoch());
    m_connection.run(RawRedis::encode({"SET", key, now, "EX", life}), 1);
    ++m_commands;
}

void UnpipelinedWay::check()
{
    if (redis.command({"DBSIZE"}).integer != m_crowd.size())
        qFatal("keys have expired");
}

ScriptWay::ScriptWay(const Crowd &crowd, Sending sending)
    : m_crowd(crowd)
    , m_sending(sending)
    , m_hub(redisConfig(redis), m_clock, m_metrics, "script")
    , m_script(kScript)
{
    startHub(m_hub);
}

QByteArray ScriptWay::name() const
{
    return m_sending == Sending::AsItComes ? "(b) hash + zset in Lua per heartbeat"
                                           : "(c) the same, collected for 250 ms";
}

void ScriptWay::populate()
{
    for (int person = 0; person < m_crowd.size(); ++person) {
        write(person);
        if (person % kAtOnce == kAtOnce - 1)
            finish();
    }
    finish();
}

void ScriptWay::beat(int person)
{
    if (m_sending == Sending::AsItComes)
        write(person);
    else
        m_collected.push_back(person);
}

void ScriptWay::pass(std::chrono::milliseconds time)
{
    m_sinceWrite += time;
    if (m_sinceWrite >= kTick)
        writeCollected();
}

void ScriptWay::finish()
{
    writeCollected();
    waitForReplies(*m_hub.client());
}

void ScriptWay::writeCollected()
{
    m_sinceWrite = {};
    for (const int person : std::exchange(m_collected, {}))
        write(person);
}

void ScriptWay::write(int person)
{
    const QByteArray life = QByteArray::number(qint64(kTtl.count()));
    const QByteArray deadline = QByteArray::number(m_clock.wallMs() / 1000 + kTtl.count());
    const QByteArray room = roomName(m_crowd.roomOf(person));
    const QByteArray user = userName(person);
    const QByteArray zset = "presence.expire." + room;
    const QByteArray hash = "presence.data." + room;
    const QByteArray seen = R"({"client":"5a2b7c1e-)" + user + R"(","user":")" + user
        + R"(","conn_info":{"name":"Somebody","avatar":"a17"}})";
    const std::array<QByteArrayView, 2> keys{zset, hash};
    const std::array<QByteArrayView, 4> arguments{life, deadline, user, seen};
    m_hub.client()->evaluate(m_script, keys, arguments, &m_context, [](const RedisReply &reply) {
        if (!reply.isOk())
            qFatal("the script was refused: %s", reply.text.constData());
    });
}

quint64 ScriptWay::commands() const
{
    return const_cast<RedisHub &>(m_hub).client()->commandsSent();
}

quint64 ScriptWay::writes() const
{
    return const_cast<RedisHub &>(m_hub).client()->statistics().writes;
}

void ScriptWay::check()
{
    if (m_hub.client()->statistics().connects != 1)
        qFatal("the connection to Redis was lost on the way");
    if (redis.command({"EVAL", "return #redis.call('KEYS', 'presence.*')", "0"}).integer
        != 2 * m_crowd.rooms)
        qFatal("keys have expired");
}

} // namespace Rollcall::Bench

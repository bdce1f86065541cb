// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisinspection_p.h"

#include "core/redis/redisclient.h"
#include "core/redis/redislogging_p.h"

namespace Rollcall {

namespace {

/// What this version writes. See the table of keys in docs/presence.md.
constexpr const char *kSchemaVersion = "1";

} // namespace

RedisInspection::RedisInspection(RedisClient &client, Clock &clock, const QByteArray &schemaKey,
                                 QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_clock(clock)
    , m_schemaKey(schemaKey)
{ }

void RedisInspection::begin(std::function<void(const Findings &)> done)
{
    m_done = std::move(done);
    m_findings = Findings();
    m_findings.isComplete = true;
    m_unanswered = 3;
    const quint64 round = ++m_round;
    const auto ask = [this, round](std::initializer_list<QByteArrayView> arguments,
                                   std::function<void(const RedisReply &)> take) {
        m_client.command(arguments, this,
                         [this, round, take = std::move(take)](const RedisReply &reply) {
                             if (round != m_round)
                                 return;
                             take(reply);
                             finishOne(round, reply);
                         });
    };
    const qint64 sentMs = m_clock.wallMs();
    ask({"TIME"}, [this, sentMs](const RedisReply &reply) { takeTime(reply, sentMs); });
    ask({"GET", m_schemaKey}, [this](const RedisReply &reply) { takeSchema(reply); });
    ask({"CONFIG", "GET", "maxmemory*"},
        [this](const RedisReply &reply) { takeMemoryPolicy(reply); });
}

void RedisInspection::finishOne(quint64 round, const RedisReply &reply)
{
    if (round != m_round)
        return;
    if (reply.type == RedisReply::Type::Failure)
        m_findings.isComplete = false;
    if (--m_unanswered == 0)
        std::exchange(m_done, {})(m_findings);
}

void RedisInspection::takeTime(const RedisReply &reply, qint64 sentMs)
{
    if (!reply.isArray() || reply.elements.size() != 2)
        return; // a proxy without TIME: zero is the best guess
    const qint64 redisMs =
        reply.elements[0].text.toLongLong() * 1000 + reply.elements[1].text.toLongLong() / 1000;
    m_findings.clockOffsetMs = redisMs - (sentMs + m_clock.wallMs()) / 2;
}

void RedisInspection::takeSchema(const RedisReply &reply)
{
    const QString key = QString::fromUtf8(m_schemaKey);
    if (reply.isNull()) {
        m_client.send({"SET", m_schemaKey, kSchemaVersion, "NX"});
    } else if (reply.errorCode() == "WRONGTYPE") {
        m_findings.fatalReason =
            QStringLiteral("the key %1 in this Redis belongs to something else; set redis.prefix")
                .arg(key);
    } else if (reply.type == RedisReply::Type::Text && reply.text != kSchemaVersion) {
        m_findings.fatalReason =
            QStringLiteral("%1 says version '%2', this Rollcall knows '%3': use another "
                           "redis.prefix or database, or "
                           "the Rollcall that wrote it")
                .arg(key, QString::fromUtf8(reply.text.left(32)), QLatin1String(kSchemaVersion));
    }
}

void RedisInspection::takeMemoryPolicy(const RedisReply &reply)
{
    QByteArray policy;
    qint64 limit = 0;
    for (size_t i = 0; i + 1 < reply.elements.size(); i += 2) {
        if (reply.elements[i].text == "maxmemory-policy")
            policy = reply.elements[i + 1].text;
        else if (reply.elements[i].text == "maxmemory")
            limit = reply.elements[i + 1].text.toLongLong();
    }
    if (limit > 0 && !policy.isEmpty() && policy != "noeviction") {
        m_findings.warning =
            QStringLiteral(
                "maxmemory-policy is %1: Redis may evict presence when its memory is full; "
                "set it to noeviction")
                .arg(QString::fromUtf8(policy.left(64)));
    }
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/redis/redisreply.h"

#include <QObject>

#include <functional>

namespace Rollcall {

class RedisClient;

/// What a node asks a server after every connect: its time, the schema of the data, whether it may
/// evict keys.
class RedisInspection : public QObject
{
    Q_OBJECT
public:
    struct Findings
    {
        bool isComplete =
            false; ///< false: the connection went away, or Redis is too slow; inspect again
        qint64 clockOffsetMs = 0;
        QString fatalReason; ///< data of another Rollcall, or of something else
        QString warning; ///< keys may be evicted
    };

    RedisInspection(RedisClient &client, Clock &clock, const QByteArray &schemaKey,
                    QObject *parent = nullptr);

    /// `done` runs once, unless begin() was called again or the object died first.
    void begin(std::function<void(const Findings &)> done);

private:
    void takeTime(const RedisReply &reply, qint64 sentMs);
    void takeSchema(const RedisReply &reply);
    void takeMemoryPolicy(const RedisReply &reply);
    void finishOne(quint64 round, const RedisReply &reply);

    RedisClient &m_client;
    Clock &m_clock;
    const QByteArray m_schemaKey;
    std::function<void(const Findings &)> m_done;
    Findings m_findings;
    quint64 m_round = 0;
    int m_unanswered = 0;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "redisnode.h"

#include <QTest>

#include <algorithm>

namespace Rollcall::Presence {

inline const RoomId kRoom("lobby");
inline const UserId kAlice("alice");
inline const UserId kBob("bob");
inline const UserId kCarol("carol");

/// What tests on a real Redis begin with: stores on it, and questions to it.
class RedisFixture
{
protected:
    std::unique_ptr<RedisNode> makeRedisNode(const QByteArray &id)
    {
        auto node = std::make_unique<RedisNode>(*m_redis, m_clock, id, m_config);
        [&] { QTRY_VERIFY_WITH_TIMEOUT(node->store.isReachable(), 5000); }();
        return node;
    }
    QByteArray text(std::initializer_list<QByteArray> command)
    {
        return m_redis->command(command).text;
    }
    qint64 number(std::initializer_list<QByteArray> command)
    {
        return m_redis->command(command).integer;
    }
    /// Sorted.
    QByteArrayList list(std::initializer_list<QByteArray> command)
    {
        QByteArrayList texts;
        for (const RedisReply &element : m_redis->command(command).elements)
            texts.append(element.text);
        std::ranges::sort(texts);
        return texts;
    }
    bool hasMember(const QByteArray &set, const QByteArray &member)
    {
        return number({"SISMEMBER", set, member}) == 1;
    }

    SystemClock m_clock;
    PresenceConfig m_config;
    std::unique_ptr<TestRedis> m_redis;
};

} // namespace Rollcall::Presence

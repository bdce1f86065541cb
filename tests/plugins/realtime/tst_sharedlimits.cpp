// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/metrics.h"
#include "core/redis/redishub.h"
#include "plugins/realtime/sharedlimits.h"
#include "support/testredis.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Realtime;
using namespace std::chrono_literals;

/// What a user sends through several nodes, counted in one Redis.
class tst_SharedLimits : public QObject
{
    Q_OBJECT

    struct Node
    {
        struct Exceeded
        {
            UserId user;
            RateKind kind;
            std::chrono::milliseconds rest;
        };

        Node(const TestRedis &redis, const char *name)
            : hub(configFor(redis), clock, metrics, name)
        {
            config.rates.byKind[size_t(RateKind::Chat)] = {10, 10};
            config.rates.byKind[size_t(RateKind::Heartbeat)] = {2, 5};
            if (!hub.start())
                qFatal("the hub does not start");
            limits = std::make_unique<SharedLimits>(
                clock, config, &hub, context,
                [this](const UserId &user, RateKind kind, std::chrono::milliseconds rest) {
                    exceeded.push_back({user, kind, rest});
                });
        }
        static RedisConfig configFor(const TestRedis &redis)
        {
            RedisConfig config;
            config.isEmbedded = false;
            config.options = redis.options();
            return config;
        }
        void chat(const char *user, int messages)
        {
            for (int i = 0; i < messages; ++i)
                limits->count(UserId(user), RateKind::Chat, DeviceType::Desktop);
        }

        SystemClock clock;
        Metrics metrics;
        RealtimeConfig config;
        RedisHub hub;
        QObject context;
        std::vector<Exceeded> exceeded;
        std::unique_ptr<SharedLimits> limits;
    };

    TestRedis m_redis;

private Q_SLOTS:
    void init() { m_redis.command({"FLUSHALL"}); }

    void totalOfAllNodesIsWhatCounts()
    {
        Node first(m_redis, "a.1");
        Node second(m_redis, "b.1");
        QTRY_VERIFY(first.hub.isUp() && second.hub.isUp());
        first.chat("alice", 8); // each alone is within the limit
        second.chat("alice", 8);
        second.chat("bob", 8);
        QTRY_COMPARE(first.exceeded.size() + second.exceeded.size(), size_t(1));
        const Node::Exceeded &known = (first.exceeded.empty() ? second : first).exceeded.front();
        QCOMPARE(known.user, UserId("alice"));
        QCOMPARE(known.kind, RateKind::Chat);
        QVERIFY(known.rest > 0ms && known.rest <= 1s);
        QTRY_COMPARE(m_redis.command({"EXISTS", "rl:chat:alice"}).integer, 0); // after its second
    }
    void whoStaysBelowHalfOfALimitCostsNothing()
    {
        Node node(m_redis, "a.1");
        QTRY_VERIFY(node.hub.isUp());
        node.chat("alice", 5);
        node.limits->count(UserId("bob"), RateKind::Heartbeat, DeviceType::Desktop);
        node.chat("carol", 6);
        QTRY_COMPARE(m_redis.command({"GET", "rl:chat:carol"}).text, QByteArray("6"));
        QCOMPARE(m_redis.command({"KEYS", "rl:*"}).elements.size(), size_t(1));
        QVERIFY(m_redis.command({"PTTL", "rl:chat:carol"}).integer > 0);
    }
    void nothingIsCountedWhenItIsSwitchedOff()
    {
        Node node(m_redis, "a.1");
        QTRY_VERIFY(node.hub.isUp());
        node.config.sharesLimits = false;
        node.chat("alice", 100);
        node.config.sharesLimits = true;
        node.chat("bob", 6);
        QTRY_COMPARE(m_redis.command({"EXISTS", "rl:chat:bob"}).integer, 1);
        QCOMPARE(m_redis.command({"KEYS", "rl:*"}).elements.size(), size_t(1));
    }
};

QTEST_GUILESS_MAIN(tst_SharedLimits)
#include "tst_sharedlimits.moc"

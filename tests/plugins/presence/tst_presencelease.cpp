// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// What a node does when its lease, or its idea of the time, is taken from it.
#include "core/base/manualclock.h"
#include "redisnode.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

namespace {

const RoomId kRoom("lobby");
const UserId kAlice("alice");
const UserId kBob("bob");

} // namespace

class tst_PresenceLease : public QObject
{
    Q_OBJECT
private:
    qint64 number(std::initializer_list<QByteArray> command)
    {
        return m_redis->command(command).integer;
    }

    SystemClock m_clock;
    PresenceConfig m_config;
    std::unique_ptr<TestRedis> m_redis;

private Q_SLOTS:
    void init()
    {
        m_config = {};
        m_redis = std::make_unique<TestRedis>();
    }
    void nodeThatIsReapedWhileItWritesBeginsAgain()
    {
        constexpr int kSeats = 1'000;
        m_config.leaseInterval = 50ms;
        const auto node = std::make_unique<RedisNode>(*m_redis, m_clock, "one.1", m_config);
        QTRY_VERIFY_WITH_TIMEOUT(node->store.isReachable(), 5000);
        for (int i = 0; i < kSeats; ++i)
            node->join(kRoom, UserId("user" + QByteArray::number(i)));
        const QByteArray set = "room:lobby:node:one.1";
        QTRY_COMPARE_WITH_TIMEOUT(number({"SCARD", set}), kSeats, 10'000);
        m_redis->command({"FLUSHALL"});
        while (number({"SCARD", set}) < 100)
            QTest::qWait(1);
        const qint64 written = number({"SCARD", set});
        m_redis->command({"EVAL",
                          "redis.call('DEL', 'presence:node:one.1', 'presence:page:lobby', "
                          "'room:lobby:node:one.1')",
                          "0"});
        QVERIFY2(written < kSeats, "too slow to see it write");
        QTRY_COMPARE_WITH_TIMEOUT(number({"SCARD", set}), kSeats, 10'000);
        QTRY_COMPARE(number({"SCARD", "presence:page:lobby"}), kSeats);
    }
    void wallClockThatStepsMovesNoDeadline()
    {
        ManualClock clock;
        m_config.lease = 1h;
        m_config.leaseInterval = 100ms;
        RedisNode node(*m_redis, clock, "one.1", m_config);
        const auto run = [&clock](auto condition) {
            for (int i = 0; i < 500 && !condition(); ++i) {
                clock.advance(5ms);
                QTest::qWait(1);
            }
            return condition();
        };
        QVERIFY(run([&] { return node.store.isFresh(); }));
        clock.stepWall(-2h);
        node.join(kRoom, kAlice, 60s);
        QVERIFY(run([&] { return number({"PTTL", "presence:user:alice"}) > 50'000; }));
        clock.stepWall(4h);
        node.join(kRoom, kBob, 60s);
        QVERIFY(run([&] { return number({"EXISTS", "presence:user:bob"}) == 1; }));
        QVERIFY(number({"PTTL", "presence:user:bob"}) < 70'000);
    }
};

QTEST_GUILESS_MAIN(tst_PresenceLease)
#include "tst_presencelease.moc"

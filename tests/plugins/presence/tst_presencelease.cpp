// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// Time: what a node promises about a user's key, and what it does when its lease, or its idea of
// the time, is taken from it.
#include "core/base/manualclock.h"
#include "enginefixture.h"

#include <random>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

class tst_PresenceLease : public QObject, private EngineFixture
{
    Q_OBJECT
private Q_SLOTS:
    void init() { reset(); }
    /// Heartbeats are skipped and joined; the key must not die before the user does, nor long
    /// after.
    void keyLivesUntilItsUsersDeadlineWhateverIsSkipped()
    {
        constexpr auto kTtl = 10s;
        constexpr auto kStep = 50ms;
        constexpr int kUsers = 8;
        ManualClock clock;
        m_config.times[size_t(Dialect::Rooms)] = {3s, kTtl, 4s};
        m_config.lease =
            24h; // Redis' time runs on while this clock jumps: it is asked at first only
        m_config.leaseInterval = 12h;
        EngineNode node(*m_redis, clock, "one.1", m_config);
        const auto pass = [&](std::chrono::milliseconds by) {
            clock.advance(by);
            // Everything written so far is answered.
            bool isAnswered = false;
            node.host.hub.client()->command({"PING"}, this,
                                            [&](const RedisReply &) { isAnswered = true; });
            while (!isAnswered) // a lost connection answers too
                QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        };
        for (int i = 0; i < 500 && !node.engine.isFresh(); ++i) {
            clock.advance(5ms);
            QTest::qWait(1);
        }
        QVERIFY(node.engine.isFresh());
        for (int user = 0; user < kUsers; ++user)
            node.join(quint64(user) + 1, UserId("u" + QByteArray::number(user)));
        QTRY_COMPARE(number({"SCARD", "presence:page:lobby"}), kUsers);
        const auto deathOf = [&](int user) {
            return number({"PEXPIRETIME", "presence:user:u" + QByteArray::number(user)});
        };
        const auto now = [&clock] {
            return qint64(clock.now().time_since_epoch() / std::chrono::milliseconds(1));
        };
        const qint64 offset = deathOf(0) - now() - qint64(kTtl / 1ms);
        std::vector<qint64> deadlines(kUsers, now() + qint64(kTtl / 1ms));
        std::mt19937 random(1);
        int beats = 0;
        for (int step = 0; step < 1'200; ++step) {
            for (int user = 0; user < kUsers; ++user) {
                // From twice in a step to close to the end of the TTL.
                const qint64 left = deadlines[size_t(user)] - now();
                if (left > 200 && random() % (user < 4 ? 10u * unsigned(user + 1) : 150u) != 0)
                    continue;
                node.engine.touch(ConnectionId(quint64(user) + 1), RoomId("lobby"));
                deadlines[size_t(user)] = now() + qint64(kTtl / 1ms);
                ++beats;
            }
            pass(kStep);
            for (int user = 0; user < kUsers; ++user)
                QVERIFY2(deathOf(user) - offset > now(), QByteArray::number(user));
        }
        QCOMPARE(node.host.presenceMetrics.recreated.Value(), 0.0);
        QVERIFY(beats > 200);
        // Silence: at its deadline each user expires, within 250 ms; the key is there until then.
        QCOMPARE(node.engine.occupancy(RoomId("lobby")), kUsers);
        while (node.engine.occupancy(RoomId("lobby")) > 0) {
            const qint64 before = now();
            for (int user = 0; user < kUsers; ++user) {
                const bool isHere =
                    node.engine.isMember(ConnectionId(quint64(user) + 1), RoomId("lobby"));
                QVERIFY(isHere || before >= deadlines[size_t(user)]);
                QVERIFY(!isHere || before <= deadlines[size_t(user)] + 250);
                if (before < deadlines[size_t(user)])
                    QVERIFY2(deathOf(user) - offset > before, QByteArray::number(user));
            }
            pass(kStep);
        }
    }
    void nodeThatIsReapedWhileItWritesBeginsAgain()
    {
        constexpr int kSeats = 3'000;
        m_config.leaseInterval = 50ms;
        const auto node = std::make_unique<RedisNode>(*m_redis, m_clock, "one.1", m_config);
        QTRY_VERIFY_WITH_TIMEOUT(node->store.isReachable(), 5000);
        for (int i = 0; i < kSeats; ++i)
            node->join(kRoom, UserId("user" + QByteArray::number(i)));
        const QByteArray set = "room:lobby:node:one.1";
        QTRY_COMPARE_WITH_TIMEOUT(number({"SCARD", set}), kSeats, 10'000);
        m_redis->command({"FLUSHALL"});
        while (number({"SCARD", set}) < 100)
            QCoreApplication::processEvents();
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

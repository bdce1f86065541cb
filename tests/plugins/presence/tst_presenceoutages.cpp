// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// Whole engines on a Redis that goes away, stands still or comes back: what people see meanwhile
// and after.
#include "enginefixture.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTimer>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

namespace {

/// Of a host that has just booted.
class YoungClock final : public Clock
{
public:
    SteadyTime now() const override { return SteadyTime(m_system.now() - m_start); }
    WallTime wallNow() const override { return m_system.wallNow(); }
    std::unique_ptr<ClockTimer> createTimer(std::function<void()> callback) override
    {
        return m_system.createTimer(std::move(callback));
    }

private:
    SystemClock m_system;
    SteadyTime m_start = m_system.now();
};

} // namespace

class tst_PresenceOutages : public QObject, private EngineFixture
{
    Q_OBJECT
private Q_SLOTS:
    void init() { reset(); }

    void whatSeemsRightIsVerifiedWhateverTheUptime()
    {
        YoungClock clock;
        RedisNode node(*m_redis, clock, "one.1", m_config);
        QTRY_VERIFY(node.store.isFresh());
        node.join(kRoom, kAlice);
        QTRY_COMPARE(number({"HEXISTS", "presence:user:alice", "at:one.1:lobby"}), 1);
        m_redis->command({"HDEL", "presence:user:alice", "at:one.1:lobby"});
        m_redis->saveAndKill();
        QTRY_VERIFY(!node.store.isReachable());
        node.held.touch(kAlice, 2min); // the key's deadline moves on, which says that it is there
        m_redis->restart(TestRedis::Data::Kept);
        QTRY_COMPARE(number({"HEXISTS", "presence:user:alice", "at:one.1:lobby"}), 1);
    }

    void keyWithoutADeadlineGetsOne()
    {
        const auto node = makeRedisNode("one.1");
        QTRY_VERIFY(node->store.isFresh());
        node->join(kRoom, kAlice);
        QTRY_VERIFY(number({"PTTL", "presence:user:alice"}) > 0);
        m_redis->command({"PERSIST", "presence:user:alice"}); // as in the middle of a resync
        m_redis->saveAndKill();
        QTRY_VERIFY(!node->store.isReachable());
        m_redis->restart(TestRedis::Data::Kept);
        QTRY_VERIFY(number({"PTTL", "presence:user:alice"}) > 0);
    }

    void whoJoinsMeanwhileIsVerifiedInTheirOtherRooms()
    {
        constexpr int kPeople = 1'500; // more than are verified at once
        const RoomId other("other");
        const auto person = [](int number) { return UserId("p" + QByteArray::number(number)); };
        const auto node = makeRedisNode("one.1");
        QTRY_VERIFY(node->store.isFresh());
        node->join(other, kAlice, 1h);
        for (int i = 0; i < kPeople; ++i)
            node->join(kRoom, person(i), 1h);
        QTRY_COMPARE(number({"SCARD", "presence:page:lobby"}), kPeople);
        for (int i = 0; i < kPeople; ++i)
            number({"HDEL", "presence:user:" + person(i).value(), "at:one.1:lobby"});
        m_redis->saveAndKill();
        QTRY_VERIFY(!node->store.isReachable());
        for (int i = 0; i < kPeople; ++i)
            node->held.touch(person(i), 2h);
        m_redis->restart(TestRedis::Data::Kept);
        const QDeadlineTimer deadline(10s);
        while (!text({"INFO", "commandstats"}).contains("cmdstat_pexpireat:")) {
            QVERIFY(!deadline.hasExpired());
            QCoreApplication::processEvents();
        }
        QVERIFY(!node->store.isFresh()); // in the middle of it
        for (int i = 0; i < kPeople; ++i)
            node->join(other, person(i), 2h);
        for (int i = 0; i < kPeople; ++i) {
            const QByteArray key = "presence:user:" + person(i).value();
            QTRY_COMPARE(number({"HEXISTS", key, "at:one.1:lobby"}), 1);
            QTRY_COMPARE(number({"HEXISTS", key, "at:one.1:other"}), 1);
        }
    }

    void outageCostsFreshnessAndNobodyASession_data()
    {
        QTest::addColumn<bool>("dataIsKept");
        QTest::addRow("empty") << false;
        QTest::addRow("old data") << true;
    }
    void outageCostsFreshnessAndNobodyASession()
    {
        QFETCH(bool, dataIsKept);
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        const RoomId other("other");
        one->join(1, kAlice);
        one->join(2, kBob);
        one->join(3, UserId("dave"), other);
        two->join(1, kCarol);
        two->join(2, UserId("erin"));
        QTRY_COMPARE(one->members(), "alice bob carol erin");
        QTRY_COMPARE(two->members(), "alice bob carol erin");
        QTRY_COMPARE(two->engine.occupancy(other), 1);
        one->take();
        two->take();
        if (dataIsKept)
            m_redis->saveAndKill();
        else
            m_redis->kill();
        QTRY_VERIFY(!one->engine.isFresh() && !two->engine.isFresh());
        QVERIFY(one->engine.snapshot(kRoom).stale);
        const qint64 asOf = one->engine.asOfMs();
        // Life goes on, on each node for itself.
        one->leave(2);
        one->join(4, UserId("frank"));
        QVERIFY(one->answer.has_value());
        QVERIFY(one->answer->stale);
        one->leave(3, other);
        QCOMPARE(one->members(), "alice carol erin frank");
        QCOMPARE(two->members(), "alice bob carol erin"); // nothing is concluded
        QCOMPARE(two->engine.occupancy(other), 1);
        QTest::qWait(300);
        QCOMPARE(one->engine.asOfMs(), asOf);

        // Until both are right again, nobody who stayed may ever be missing.
        QByteArray missing;
        QTimer sampler;
        connect(&sampler, &QTimer::timeout, this, [&] {
            for (const auto *node : {one.get(), two.get()}) {
                for (const char *user : {"alice", "carol", "erin"}) {
                    if (!node->members().contains(user))
                        missing = user;
                }
            }
        });
        sampler.start(5);
        m_redis->restart(dataIsKept ? TestRedis::Data::Kept : TestRedis::Data::Lost);
        QTRY_VERIFY(one->host.hub.isUp() && two->host.hub.isUp());
        QElapsedTimer sincePong;
        sincePong.start();
        QTRY_COMPARE(two->members(), "alice carol erin frank");
        QTRY_VERIFY(one->engine.isFresh() && two->engine.isFresh());
        QTRY_COMPARE(two->engine.occupancy(other), 0);
        QVERIFY2(sincePong.elapsed() < 3'000, QByteArray::number(sincePong.elapsed()));
        sampler.stop();
        QCOMPARE(missing, "");
        QCOMPARE(one->members(), "alice carol erin frank");
        QCOMPARE(list({"SMEMBERS", "presence:page:lobby"}),
                 (QByteArrayList{"user:alice", "user:carol", "user:erin", "user:frank"}));
        QCOMPARE(list({"ZRANGE", "rooms:occupancy", "0", "-1", "WITHSCORES"}),
                 (QByteArrayList{"4", "lobby"}));
        QCOMPARE(list({"KEYS", "presence:user:*"}),
                 (QByteArrayList{"presence:user:alice", "presence:user:carol", "presence:user:erin",
                                 "presence:user:frank"}));
        QCOMPARE(list({"KEYS", "room:*:user:*"}).size(), 4);
        // No leave was announced for anyone who stayed, on any node.
        for (const auto *node : {one.get(), two.get()}) {
            for (const char *user :
                 {"-alice", "-carol", "-erin", "-frank", "+alice", "+carol", "+erin"})
                QVERIFY2(!node->log.contains(user), node->log);
        }
        QVERIFY(two->resynchronized > 0 || two->log.contains("-bob"));
    }
    void pausedRedisIsAnOutageWithoutMassLeave()
    {
        m_config.lease = 1500ms; // runs out during the pause
        m_config.leaseInterval = 300ms;
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        one->join(1, kAlice);
        two->join(1, kBob);
        QTRY_COMPARE(one->members(), "alice bob");
        QTRY_COMPARE(two->members(), "alice bob");
        one->take();
        two->take();
        m_redis->stop();
        QTRY_VERIFY_WITH_TIMEOUT(!one->engine.isFresh() && !two->engine.isFresh(), 8000);
        QTest::qWait(2'500);
        QCOMPARE(one->members(), "alice bob");
        m_redis->resume();
        QTRY_VERIFY_WITH_TIMEOUT(one->engine.isFresh() && two->engine.isFresh(), 8000);
        QCOMPARE(one->members(), "alice bob");
        QCOMPARE(two->members(), "alice bob");
        QCOMPARE(list({"SMEMBERS", "presence:page:lobby"}),
                 (QByteArrayList{"user:alice", "user:bob"}));
        QCOMPARE(one->take(), "");
        QCOMPARE(two->take(), "");
    }
    void changeDuringTheOutageIsWrittenAfterIt()
    {
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        one->join(1, kAlice);
        two->join(1, kBob);
        QTRY_COMPARE(two->members(), "alice bob");
        m_redis->saveAndKill();
        QTRY_VERIFY(!one->engine.isFresh());
        one->engine.setState(ConnectionId(1), kRoom, MemberState::Away);
        m_redis->restart(TestRedis::Data::Kept);
        const auto stateThere = [&] {
            for (const Member &member : two->engine.snapshot(kRoom).members) {
                if (member.user == kAlice)
                    return member.state;
            }
            return MemberState::Active;
        };
        QTRY_COMPARE_WITH_TIMEOUT(stateThere(), MemberState::Away, 8000);
        QVERIFY(text({"GET", "room:lobby:user:alice"}).contains("away"));
    }
    void nodeThatDiesDuringTheOutageIsNotForeverKept()
    {
        m_config.lease = 1200ms;
        m_config.leaseInterval = 300ms;
        const auto one = makeNode("one.1");
        auto two = makeNode("two.1");
        one->join(1, kAlice);
        two->join(1, kBob);
        QTRY_COMPARE(one->members(), "alice bob");
        m_redis->kill();
        QTRY_VERIFY(!one->engine.isFresh());
        two.reset();
        m_redis->restart(TestRedis::Data::Lost);
        QTRY_VERIFY(one->host.hub.isUp());
        QTest::qWait(1'000);
        QVERIFY(!one->engine.isFresh()); // it might come back
        QTRY_VERIFY(one->engine.isFresh());
        QTRY_COMPARE(one->members(), "alice");
        QCOMPARE(one->engine.occupancy(kRoom), 1);
    }
    void nodeThatWasReapedIsNotWaitedFor()
    {
        m_config.leaseInterval = 4s; // no look at the leases between the reaping and the loss
        const auto one = makeNode("one.1");
        auto two = makeNode("two.1");
        one->join(1, kAlice);
        two->join(1, kBob);
        QTRY_COMPARE(one->members(), "alice bob");
        two.reset();
        two = makeNode("two.2"); // reaps its earlier run
        QTRY_COMPARE(one->members(), "alice");
        const QSignalSpy changes(&one->engine, &PresenceService::freshnessChanged);
        // As a node finds it that was stopped for longer than its lease.
        text({"ZREM", "presence:nodes", "one.1"});
        text({"DEL", "presence:node:one.1"});
        text({"PUBLISH", "room:lobby:events", "reap\none.1\nlost\nuser:alice"});
        QTRY_COMPARE_WITH_TIMEOUT(changes.size(), 2, 3'000);
        QVERIFY(one->engine.isFresh());
    }
    void redisThatWasNeverThereCostsOnlyFreshness()
    {
        m_redis->kill();
        EngineNode node(*m_redis, m_clock, "one.1", m_config);
        node.join(1, kAlice);
        QVERIFY(node.answer.has_value()); // within the call: there is nothing to wait for
        QVERIFY(node.answer->stale);
        QVERIFY(!node.engine.isFresh());
        QCOMPARE(node.engine.occupancy(kRoom), 1);
        m_redis->restart(TestRedis::Data::Lost);
        QTRY_VERIFY(node.engine.isFresh());
        QTRY_COMPARE(list({"SMEMBERS", "presence:page:lobby"}), (QByteArrayList{"user:alice"}));
        QVERIFY(!node.engine.snapshot(kRoom).stale);
    }
    void slowRedisAnswersTheJoinWithinTheDeadline()
    {
        const auto node = makeNode("one.1");
        m_redis->stop();
        QElapsedTimer elapsed;
        elapsed.start();
        node->join(1, kAlice);
        QVERIFY(!node->answer.has_value());
        QTRY_VERIFY(node->answer.has_value());
        QVERIFY2(elapsed.elapsed() >= 249 && elapsed.elapsed() < 450,
                 QByteArray::number(elapsed.elapsed()));
        QVERIFY(node->answer->stale);
        m_redis->resume();
        QTRY_VERIFY(!node->engine.snapshot(kRoom).stale);
    }
    void countsOfAllRoomsAreReconciled()
    {
        const auto node = makeNode("one.1");
        node->join(1, kAlice);
        QTRY_COMPARE(text({"ZSCORE", "rooms:occupancy", "lobby"}), "1");
        // As if every event had been lost.
        text({"ZADD", "rooms:occupancy", "7", "elsewhere"});
        QTRY_COMPARE(node->engine.occupancy(RoomId("elsewhere")), 7);
        text({"ZREM", "rooms:occupancy", "elsewhere"});
        QTRY_COMPARE(node->engine.occupancy(RoomId("elsewhere")), 0);
        QCOMPARE(node->engine.occupancies().size(), size_t(1));
    }
    void roomWhoseCountDiffersFromItsMembersIsLoadedAgain()
    {
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        one->join(1, kAlice);
        two->join(1, kBob);
        QTRY_COMPARE(one->members(), "alice bob");
        // Written without an event.
        text({"SADD", "room:lobby:node:two.1", "user:carol"});
        text({"SADD", "presence:page:lobby", "user:carol"});
        text({"ZADD", "rooms:occupancy", "3", "lobby"});
        QTRY_COMPARE(one->members(), "alice bob carol");
        QVERIFY(one->resynchronized > 0);
        QCOMPARE(one->engine.occupancy(kRoom), 3);
    }
};

QTEST_GUILESS_MAIN(tst_PresenceOutages)
#include "tst_presenceoutages.moc"

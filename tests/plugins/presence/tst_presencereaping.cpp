// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// What nodes leave behind in Redis when they die, pause or drain, and who takes it out.
#include "redisfixture.h"

#include <QElapsedTimer>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

class tst_PresenceReaping : public QObject, private RedisFixture
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_redis = std::make_unique<TestRedis>(); }
    void init()
    {
        m_config = {};
        m_redis->command({"FLUSHALL"});
    }

    void deadNodeIsReapedButWhoIsElsewhereStays()
    {
        auto dead = makeRedisNode("one.1");
        const auto alive = makeRedisNode("two.1");
        QByteArray log;
        connect(
            &alive->store, &PresenceStore::seatReleased, this,
            [&](const RoomId &room, const NodeId &node, const UserId &user, LeaveReason reason) {
                log += node.value() + '/' + room.value() + '/' + user.value() + ':'
                    + leaveReasonName(reason).toByteArray() + ' ';
            });
        QByteArrayList offline;
        connect(&alive->store, &PresenceStore::userStatusReported, this,
                [&](const UserId &user, bool isOnline) {
                    if (!isOnline)
                        offline.append(user.value());
                });
        alive->join(kRoom, kAlice);
        for (int i = 0; i < 250; ++i) // more than one call takes
            dead->join(kRoom, UserId("user" + QByteArray::number(i)));
        dead->join(kRoom, kAlice);
        dead->join(RoomId("only there"), kBob);
        QTRY_COMPARE(text({"ZSCORE", "rooms:occupancy", "lobby"}), "251");
        QTRY_COMPARE(number({"SCARD", "room:lobby:node:one.1"}), 251);
        QTRY_COMPARE(text({"ZSCORE", "rooms:occupancy", "only there"}), "1");
        QElapsedTimer elapsed;
        elapsed.start();
        dead.reset();
        QTRY_COMPARE_WITH_TIMEOUT(text({"ZSCORE", "rooms:occupancy", "lobby"}), "1", 8000);
        QVERIFY2(elapsed.elapsed() >= 3'900 && elapsed.elapsed() < 6'000,
                 QByteArray::number(elapsed.elapsed()));
        QTRY_COMPARE(number({"ZCARD", "rooms:occupancy"}), 1);
        QTRY_COMPARE(list({"KEYS", "*one.1*"}), QByteArrayList());
        QCOMPARE(list({"SMEMBERS", "presence:page:lobby"}), (QByteArrayList{"user:alice"}));
        QTRY_COMPARE(number({"ZCARD", "presence:nodes"}), 1);
        QVERIFY(!text({"GET", "room:lobby:user:alice"}).isEmpty());
        QTRY_COMPARE(log.count("one.1/lobby/user"), 250);
        QTRY_COMPARE(log.count(":lost"), 251); // alice too is not held by that node any more
        QTRY_COMPARE(offline.size(), 251);
        QVERIFY(!offline.contains("alice"));
        QVERIFY(offline.contains("bob"));
    }
    void earlierRunOfTheSameHostIsReapedBeforeTheFirstJoin()
    {
        auto before = makeRedisNode("host.a.1");
        const auto other = makeRedisNode("host.b.1");
        before->join(kRoom, kAlice);
        before->join(kRoom, kBob);
        other->join(kRoom, UserId("carol"));
        QTRY_COMPARE(number({"SCARD", "presence:page:lobby"}), 3);
        before.reset(); // and its lease still runs
        const auto after = makeRedisNode("host.a.2");
        QCOMPARE(list({"SMEMBERS", "presence:page:lobby"}), (QByteArrayList{"user:carol"}));
        QCOMPARE(number({"EXISTS", "presence:node:host.a.1"}), 0);
        after->join(kRoom, kAlice);
        QTRY_COMPARE(text({"ZSCORE", "rooms:occupancy", "lobby"}), "2");
    }
    void pausedNodeThatWasReapedWritesEverythingAgain()
    {
        m_config.leaseInterval = 2500ms;
        const auto one = makeRedisNode("one.1");
        m_config.leaseInterval = 50ms;
        const auto two = makeRedisNode("two.1");
        one->join(kRoom, kAlice);
        two->join(kRoom, kBob);
        QTRY_COMPARE(number({"SCARD", "presence:page:lobby"}), 2);
        QTRY_VERIFY(one->store.isFresh());
        QTest::qWait(300); // past the renewals that follow a start
        bool wasReaped = false;
        connect(&two->store, &PresenceStore::seatReleased, this, [&] { wasReaped = true; });
        // As the reaper of another node finds it after a pause.
        text({"ZADD", "presence:nodes", "1", "one.1"});
        QTRY_VERIFY(wasReaped);
        QTRY_COMPARE_WITH_TIMEOUT(number({"SCARD", "presence:page:lobby"}), 2, 2000);
        QTRY_COMPARE(text({"ZSCORE", "rooms:occupancy", "lobby"}), "2");
        QVERIFY(one->store.isReachable());
    }
    void drainedNodeKeepsItsSeatsForALongerLease()
    {
        m_config.drainingLease = 7s;
        auto leaving = makeRedisNode("one.1");
        const auto staying = makeRedisNode("two.1");
        QByteArray log;
        connect(&staying->store, &PresenceStore::seatReleased, this,
                [&](const RoomId &, const NodeId &, const UserId &user, LeaveReason reason) {
                    log += user.value() + ':' + leaveReasonName(reason).toByteArray() + ' ';
                });
        staying->join(kRoom, UserId("carol"));
        leaving->join(kRoom, kAlice);
        QTRY_COMPARE(number({"SCARD", "presence:page:lobby"}), 2);
        bool isDone = false;
        leaving->store.drain([&] { isDone = true; });
        QTRY_VERIFY(isDone);
        QCOMPARE(text({"HGET", "presence:node:one.1", "state"}), "draining");
        QVERIFY(number({"PTTL", "presence:node:one.1"}) > 6'000);
        QTest::qWait(1'200); // the others have seen it
        leaving.reset();
        QTest::qWait(4'500);
        QCOMPARE(number({"SCARD", "presence:page:lobby"}), 2);
        QTRY_COMPARE(number({"SCARD", "presence:page:lobby"}), 1);
        QTRY_COMPARE(log, "alice:drained ");
    }
    void expiredUserOfADeadNodeIsSweptBeforeItsLeaseIsOver()
    {
        m_config.lease = 60s; // so that only SWEEP can be it: the node below has none at all
        const auto sweeper = makeRedisNode("one.1");
        QByteArrayList offline;
        connect(&sweeper->store, &PresenceStore::userStatusReported, this,
                [&](const UserId &user, bool isOnline) {
                    if (!isOnline)
                        offline.append(user.value());
                });
        const QByteArray now = QByteArray::number(m_clock.wallMs());
        text({"ZADD", "presence:deadlines", now, "user:ghost", now, "anon:guest"});
        text({"ZADD", "presence:online", "1800000000", "user:ghost", "1800000000", "anon:guest"});
        text({"HSET", "presence:meta:ghost", "node", "gone.1", "status", "online"});
        text({"HSET", "presence:meta:anon:guest", "node", "gone.1"});
        QTRY_COMPARE_WITH_TIMEOUT(number({"ZCARD", "presence:deadlines"}), 0, 3000);
        QTRY_COMPARE(offline.size(), 2);
        QVERIFY(offline.contains("anon:guest"));
        QCOMPARE(number({"ZCARD", "presence:online"}), 0);
        QCOMPARE(text({"HGET", "presence:meta:ghost", "status"}), "offline");
        QCOMPARE(text({"HGET", "presence:meta:ghost", "lastSeen"}), "1800000000000");
        QCOMPARE(number({"EXISTS", "presence:meta:anon:guest"}), 0);
    }
    void expiredUserOfALivingNodeIsLeftToIt()
    {
        const auto sweeper = makeRedisNode("one.1");
        const auto other = makeRedisNode("two.1");
        other->join(kRoom, kAlice);
        QTRY_COMPARE(number({"EXISTS", "presence:user:alice"}), 1);
        text({"DEL", "presence:user:alice"});
        text({"ZADD", "presence:deadlines", "1", "user:alice"});
        QTest::qWait(700);
        QVERIFY(number({"ZSCORE", "presence:online", "user:alice"}) >= 0);
        QCOMPARE(list({"ZRANGE", "presence:online", "0", "-1"}), (QByteArrayList{"user:alice"}));
    }
    // The last one: below a young Redis nobody is reaped anyhow, and this one has aged by now.
    void nodeIsNotReapedRightAfterAnOutage()
    {
        const auto age = [this] {
            const QByteArray server = text({"INFO", "server"});
            return server.sliced(server.indexOf("uptime_in_seconds:") + 18).split('\r')[0].toInt();
        };
        QTRY_VERIFY_WITH_TIMEOUT(age() >= 10, 12'000);
        const auto node = makeRedisNode("one.1");
        node->join(kRoom, kAlice);
        QTRY_VERIFY(hasMember("presence:page:lobby", "user:alice"));
        // Another node, whose lease will run out before it has found Redis again.
        text({"SADD", "room:lobby:node:two.1", "user:bob"});
        text({"SADD", "room:lobby:nodes", "two.1"});
        text({"SADD", "presence:page:lobby", "user:bob"});
        text({"SADD", "presence:node:two.1:rooms", "lobby"});
        text({"ZADD", "presence:nodes", QByteArray::number(m_clock.wallMs() + 300), "two.1"});
        text({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
        QTRY_VERIFY(!node->store.isReachable());
        QTRY_VERIFY(node->store.isReachable());
        QTest::qWait(2'500); // two looks at the leases; reaping is suspended for 10 s
        QVERIFY(hasMember("presence:page:lobby", "user:bob"));
    }
};

QTEST_GUILESS_MAIN(tst_PresenceReaping)
#include "tst_presencereaping.moc"

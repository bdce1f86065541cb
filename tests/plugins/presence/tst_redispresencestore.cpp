// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "presencestorecontract.h"
#include "redisnode.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>
#include <QTimer>

#include <algorithm>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

namespace {

const RoomId kRoom("lobby");
const UserId kAlice("alice");
const UserId kBob("bob");

} // namespace

class tst_RedisPresenceStore : public PresenceStoreContract
{
    Q_OBJECT
private:
    std::unique_ptr<Node> makeNode(const QByteArray &id) override
    {
        auto node = std::make_unique<Node>(NodeId(id), m_clock);
        auto host = std::make_unique<RedisHost>(*m_redis, m_clock, node->id);
        node->store = std::make_unique<RedisPresenceStore>(host->hub, m_config, m_clock,
                                                           host->presenceMetrics, node->id);
        node->host = std::move(host);
        listen(*node);
        node->store->start(node->held);
        [&] { QTRY_VERIFY_WITH_TIMEOUT(node->store->isReachable(), 5000); }();
        return node;
    }

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

private Q_SLOTS:
    void initTestCase() { m_redis = std::make_unique<TestRedis>(); }
    void init()
    {
        m_config = {};
        m_redis->command({"FLUSHALL"});
        m_redis->command({"CONFIG", "SET", "maxmemory", "0"});
    }

    void keysAreThoseOfTheSchema()
    {
        const auto node = makeRedisNode("one.7");
        text({"ZADD", "room:lobby:reserved", "99999999999999", "user:alice"});
        node->join(kRoom, kAlice);
        node->join(kRoom, UserId("anon:a1b2"));
        node->join(RoomId("/a/b"), kAlice);
        QTRY_COMPARE(number({"ZCARD", "rooms:occupancy"}), 2);
        QTRY_COMPARE(list({"SMEMBERS", "presence:page:lobby"}),
                     (QByteArrayList{"anon:a1b2", "user:alice"}));
        QTRY_COMPARE(list({"SMEMBERS", "presence:page:/a/b"}), (QByteArrayList{"user:alice"}));
        QCOMPARE(text({"ZSCORE", "rooms:occupancy", "lobby"}), "2");
        QCOMPARE(list({"SMEMBERS", "room:lobby:nodes"}), (QByteArrayList{"one.7"}));
        QCOMPARE(list({"SMEMBERS", "room:lobby:node:one.7"}),
                 (QByteArrayList{"anon:a1b2", "user:alice"}));
        QCOMPARE(list({"SMEMBERS", "presence:node:one.7:rooms"}),
                 (QByteArrayList{"/a/b", "lobby"}));
        QCOMPARE(number({"EXISTS", "room:lobby:reserved"}), 0); // the seat is taken over
        QCOMPARE(text({"HGET", "presence:user:alice", "pk"}), "alice");
        QCOMPARE(text({"HGET", "presence:user:alice", "username"}), "alice");
        QCOMPARE(text({"HGET", "presence:user:alice", "room"}), "/a/b"); // the latest
        const qint64 life = number({"PTTL", "presence:user:alice"});
        QVERIFY2(life > 50'000 && life <= 60'000, QByteArray::number(life));
        QVERIFY(number({"EXISTS", "presence:anon:a1b2"}) == 1);
        QCOMPARE(text({"HGET", "presence:meta:alice", "status"}), "online");
        QCOMPARE(number({"TTL", "presence:meta:alice"}), -1);
        QVERIFY(text({"GET", "room:lobby:user:alice"}).contains("\"userId\":\"alice\""));
        QVERIFY(number({"TTL", "room:lobby:user:alice"}) > 21'000);
        QVERIFY(number({"EXISTS", "room:lobby:user:anon:a1b2"}) == 1);
        QVERIFY(std::abs(text({"ZSCORE", "presence:online", "user:alice"}).toLongLong()
                         - m_clock.wallMs() / 1000)
                <= 2);
        const qint64 deadline =
            qint64(text({"ZSCORE", "presence:deadlines", "user:alice"}).toDouble());
        QVERIFY(std::abs(deadline - m_clock.wallMs() - 60'000) < 5'000);
        QVERIFY(number({"PTTL", "presence:node:one.7"}) > 3'000);
        QCOMPARE(text({"HGET", "presence:node:one.7", "state"}), "up");

        node->leave(kRoom, kAlice);
        node->leave(kRoom, UserId("anon:a1b2"));
        node->leave(RoomId("/a/b"), kAlice);
        const auto keys = [&] {
            QByteArrayList names = list({"KEYS", "*"});
            names.removeAll("presence:reaper"); // there while somebody sweeps
            return names;
        };
        QTRY_COMPARE(keys(),
                     (QByteArrayList{"presence:meta:alice", "presence:node:one.7", "presence:nodes",
                                     "rollcall:schema"}));
        QCOMPARE(text({"HGET", "presence:meta:alice", "status"}), "offline");
        QVERIFY(number({"TTL", "presence:meta:alice"}) > 29 * 86'400);
    }
    void keyLivesAsLongAsItsUserBeats()
    {
        const auto node = makeRedisNode("one.1");
        constexpr auto kTtl = 900ms;
        node->join(kRoom, kAlice, kTtl);
        QTRY_COMPARE(number({"EXISTS", "presence:user:alice"}), 1);
        // Beats at a tenth and at nine tenths of the TTL in turns: the first kind may be skipped,
        // the key must not die.
        const auto commandsBefore = node->host.hub.client()->commandsSent();
        QElapsedTimer elapsed;
        elapsed.start();
        int beats = 0;
        QTimer beat;
        connect(&beat, &QTimer::timeout, this, [&] {
            ++beats;
            beat.setInterval(beats % 2 ? 90 : 810);
            node->held.touch(kAlice, kTtl);
            node->store.refresh(kAlice, kTtl);
        });
        beat.start(90);
        while (elapsed.elapsed() < 4'000) {
            QTest::qWait(20);
            QCOMPARE(number({"EXISTS", "presence:user:alice"}), 1);
        }
        QVERIFY(beats >= 8);
        QVERIFY(node->host.hub.client()->commandsSent() > commandsBefore);
        QCOMPARE(node->host.presenceMetrics.recreated.Value(), 0.0);
        beat.stop();
        QTRY_COMPARE(number({"EXISTS", "presence:user:alice"}), 0);
    }
    void keyThatVanishedIsMadeAgain()
    {
        const auto node = makeRedisNode("one.1");
        node->join(kRoom, kAlice, 600ms);
        QTRY_COMPARE(number({"EXISTS", "presence:user:alice"}), 1);
        text({"DEL", "presence:user:alice"});
        QTRY_VERIFY_WITH_TIMEOUT((node->held.touch(kAlice, 600ms),
                                  node->store.refresh(kAlice, 600ms),
                                  number({"EXISTS", "presence:user:alice"}) == 1),
                                 3000);
        QCOMPARE(text({"HGET", "presence:user:alice", "pk"}), "alice");
    }
    void keyOfSomebodyElseIsNamedAndLeftAlone()
    {
        const auto node = makeRedisNode("one.1");
        text({"SET", "presence:user:alice", "mine"});
        QTest::ignoreMessage(
            QtWarningMsg,
            QRegularExpression("WRONGTYPE presence:user:alice is a string, not a hash"));
        node->join(kRoom, kAlice);
        node->join(kRoom, kBob);
        QTRY_VERIFY(hasMember("presence:page:lobby", "user:bob"));
        QTRY_VERIFY(node->host.presenceMetrics.storeErrors.Value() >= 1);
        node->store.refresh(kAlice, 0ms);
        QTest::qWait(400);
        QCOMPARE(text({"GET", "presence:user:alice"}), "mine");
        QCOMPARE(number({"TTL", "presence:user:alice"}), -1);
        QVERIFY(!hasMember("presence:page:lobby", "user:alice")); // all or nothing
        text({"DEL", "presence:user:alice"});
        QTRY_VERIFY(hasMember("presence:page:lobby", "user:alice")); // tried again
    }
    void leaveWorksWithoutMemoryAndJoinIsTriedAgain()
    {
        const auto node = makeRedisNode("one.1");
        node->join(kRoom, kAlice);
        QTRY_VERIFY(hasMember("presence:page:lobby", "user:alice"));
        text({"CONFIG", "SET", "maxmemory", "1"});
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression("JOIN was refused by Redis: OOM"));
        node->join(RoomId("other"), kBob);
        node->leave(kRoom, kAlice);
        QTRY_COMPARE(number({"EXISTS", "presence:page:lobby"}), 0);
        QTRY_VERIFY(node->host.presenceMetrics.storeErrors.Value() >= 1);
        QVERIFY(!hasMember("presence:page:other", "user:bob"));
        text({"CONFIG", "SET", "maxmemory", "0"});
        QTRY_VERIFY(hasMember("presence:page:other", "user:bob"));
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
    void noticePublishedByHandIsAccepted()
    {
        const auto node = makeRedisNode("one.1");
        QByteArray log;
        connect(&node->store, &PresenceStore::userStatusReported, this,
                [&](const UserId &user, bool isOnline) {
                    log += (isOnline ? '+' : '-') + user.value() + ' ';
                });
        text({"PUBLISH", "presence:updates", "{\"userId\":\"7\",\"status\":\"online\"}"});
        text({"PUBLISH", "presence:offline", "{\"userId\":\"7\",\"status\":\"offline\"}"});
        for (const char *nonsense :
             {"", "[]", "{\"userId\":7}", "{\"userId\":\"x\",\"status\":\"odd\"}", "{"})
            text({"PUBLISH", "presence:online", nonsense});
        text({"PUBLISH", "presence:online", "{\"userId\":\"8\",\"status\":\"online\"}"});
        QTRY_COMPARE(log, "+7 -7 +8 ");
    }
};

QTEST_GUILESS_MAIN(tst_RedisPresenceStore)
#include "tst_redispresencestore.moc"

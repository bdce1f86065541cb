// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redissubscriber.h"
#include "presencestorecontract.h"
#include "redisfixture.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <algorithm>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

class tst_RedisPresenceStore : public PresenceStoreContract, private RedisFixture
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
        QVERIFY2(life > 50'000 && life <= 60'100, QByteArray::number(life));
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

        const SeatRecord seat = *node->held.seat(kRoom, kAlice);
        node->leave(kRoom, kAlice);
        node->leave(kRoom, UserId("anon:a1b2"));
        node->leave(RoomId("/a/b"), kAlice);
        node->store.noteGrace(seat); // makes no key of a user who is gone
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
    void deviceAndRoleAreKeptAndTheDeviceIsTold()
    {
        const auto node = makeRedisNode("one.1");
        QTRY_VERIFY(node->store.isFresh()); // it writes nothing a second time
        QByteArrayList told;
        const auto listener = [&told](const QByteArray &channel, const QByteArray &message) {
            const QJsonObject notice = QJsonDocument::fromJson(message).object();
            if (notice["userId"].isString())
                told += channel.sliced(9) + ' ' + notice["status"].toString().toUtf8() + ' '
                    + notice["deviceId"].toString().toUtf8();
        };
        for (const char *channel : {"presence:online", "presence:offline", "presence:updates"})
            node->host.hub.subscriber()->subscribe(channel, this, listener);
        for (const char *channel : {"presence:online", "presence:offline", "presence:updates"})
            QTRY_COMPARE(number({"PUBLISH", channel, "{}"}), 1);

        node->held.hold(kRoom, kAlice);
        node->held.setDevice(kRoom, kAlice, "laptop", "mobile");
        node->store.watch(kRoom);
        node->store.join(*node->held.seat(kRoom, kAlice), {});
        QTRY_COMPARE(told, (QByteArrayList{"online online laptop"}));
        QCOMPARE(text({"HGET", "presence:meta:alice", "deviceId"}), "laptop");
        QCOMPARE(text({"HGET", "presence:meta:alice", "role"}), "mobile");
        node->leave(kRoom, kAlice);
        QTRY_COMPARE(told, (QByteArrayList{"online online laptop", "offline offline laptop"}));
        QCOMPARE(text({"HGET", "presence:meta:alice", "deviceId"}), "laptop");
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
    void whoWasTakenForDeadComesOnlineWithAWord()
    {
        const auto one = makeRedisNode("one.1");
        const auto two = makeRedisNode("two.1");
        QSignalSpy told(&two->store, &PresenceStore::userStatusReported);
        one->join(kRoom, kAlice, 600ms);
        QTRY_COMPARE(told.size(), 1);
        // What a reaper leaves of them.
        m_redis->command({"SREM", "room:lobby:node:one.1", "user:alice"});
        m_redis->command({"SREM", "presence:page:lobby", "user:alice"});
        m_redis->command({"DEL", "presence:user:alice"});
        m_redis->command({"ZREM", "presence:online", "user:alice"});
        QTRY_VERIFY_WITH_TIMEOUT(
            (one->held.touch(kAlice, 600ms), one->store.refresh(kAlice, 600ms), told.size() == 2),
            3000);
        QCOMPARE(told[1].at(0).value<UserId>(), kAlice);
        QVERIFY(told[1].at(1).toBool());
        QVERIFY(!text({"ZSCORE", "presence:online", "user:alice"}).isEmpty());
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

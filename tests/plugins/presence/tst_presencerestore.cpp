// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// What a resync writes after an outage, beside what JOIN writes.
#include "core/redis/rediskeys.h"
#include "core/redis/redissubscriber.h"
#include "enginenode.h"

#include <QDeadlineTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

namespace {

const RoomId kRoom("lobby");
// In Redis' time, which is not known to the millisecond.
const QRegularExpression kGraceEnd(" grace \\d+$");

UserId person(int number) { return UserId("p" + QByteArray::number(number)); }

/// Somebody who wants to know who comes online.
struct Listener
{
    Listener(const TestRedis &redis, Clock &clock)
        : host(redis, clock, NodeId("listener.1"))
    {
        host.hub.subscriber()->subscribe(
            "presence:online", &host, [this](const QByteArray &, const QByteArray &message) {
                const QJsonObject notice = QJsonDocument::fromJson(message).object();
                ++heard[UserId(notice["userId"].toString().toUtf8())];
                last = notice;
            });
    }

    RedisHost host;
    QHash<UserId, int> heard; // how often
    QJsonObject last;
};

} // namespace

class tst_PresenceRestore : public QObject
{
    Q_OBJECT
private:
    std::unique_ptr<RedisNode> makeNode(const QByteArray &name)
    {
        auto node = std::make_unique<RedisNode>(*m_redis, m_clock, name, m_config);
        [&] { QTRY_VERIFY_WITH_TIMEOUT(node->store.isFresh(), 5000); }();
        return node;
    }
    QByteArrayList list(std::initializer_list<QByteArray> command)
    {
        QByteArrayList texts;
        for (const RedisReply &element : m_redis->command(command).elements)
            texts.append(element.text);
        return texts;
    }
    /// The members that Redis counts in the room.
    QSet<UserId> page(const RoomId &room)
    {
        QSet<UserId> users;
        for (const QByteArray &member : list({"SMEMBERS", "presence:page:" + room.value()}))
            users.insert(userFromMemberName(member));
        return users;
    }
    static QSet<UserId> heldIn(const RedisNode &node, const RoomId &room)
    {
        const auto users = node.held.heldUsers(room);
        return {users.begin(), users.end()};
    }
    /// Everything but leases and exact times, as text.
    QByteArrayList everything()
    {
        QByteArrayList lines;
        for (const QByteArray &key : list({"KEYS", "*"})) {
            if (key.startsWith("rollcall:")
                || (key.startsWith("presence:node:") && !key.endsWith(":rooms")))
                continue;
            const QByteArray type = m_redis->command({"TYPE", key}).text;
            QByteArrayList content;
            if (type == "string") {
                content = {m_redis->command({"GET", key}).text};
            } else if (type == "set") {
                content = list({"SMEMBERS", key});
            } else if (type == "hash") {
                const QByteArrayList pairs = list({"HGETALL", key});
                for (qsizetype i = 0; i + 1 < pairs.size(); i += 2)
                    content.append(pairs[i] + '=' + pairs[i + 1]);
                for (QByteArray &pair : content)
                    pair = QString::fromUtf8(pair).replace(kGraceEnd, " grace").toUtf8();
            } else if (key == "presence:online" || key == "rooms:occupancy") {
                const QByteArrayList pairs = list({"ZRANGE", key, "0", "-1", "WITHSCORES"});
                for (qsizetype i = 0; i + 1 < pairs.size(); i += 2)
                    content.append(pairs[i] + '=' + pairs[i + 1]);
            } else {
                content = list({"ZRANGE", key, "0", "-1"});
            }
            std::ranges::sort(content);
            const bool isEndless = m_redis->command({"PTTL", key}).integer == -1;
            lines.append(key + (isEndless ? " endless: " : " passing: ") + content.join(' '));
        }
        lines.removeIf([](const QByteArray &line) { return line.startsWith("presence:reaper"); });
        std::ranges::sort(lines);
        return lines;
    }

    SystemClock m_clock;
    PresenceConfig m_config;
    std::unique_ptr<TestRedis> m_redis;

private Q_SLOTS:
    void init()
    {
        m_config = {};
        m_config.leaseInterval = 100ms; // soon finds that the lease is gone
        m_redis = std::make_unique<TestRedis>();
    }

    void writesWhatJoinWrites_data()
    {
        QTest::addColumn<bool>("isLean");
        using Commands = QList<QByteArrayList>;
        QTest::addColumn<Commands>("losses");
        const QByteArrayList all{"FLUSHALL"};
        QTest::addRow("full") << false << Commands{all};
        QTest::addRow("lean") << true << Commands{all};
        QTest::addRow("scripts are gone too") << false << Commands{all, {"SCRIPT", "FLUSH"}};
        // As Redis before 7.0 refuses it.
        QTest::addRow("no RESTORE")
            << false << Commands{{"ACL", "SETUSER", "default", "-restore"}, all};
        QTest::addRow("no RESTORE, lean")
            << true << Commands{{"ACL", "SETUSER", "default", "-restore"}, all};
        const QByteArrayList sets{"DEL",
                                  "room:lobby:node:one.1",
                                  "room:a%3Ab:node:one.1",
                                  "room:alone:node:one.1",
                                  "presence:page:lobby",
                                  "presence:page:a%3Ab",
                                  "presence:page:alone",
                                  "presence:online",
                                  "presence:deadlines",
                                  "rooms:occupancy",
                                  "presence:node:one.1",
                                  "presence:node:two.1"};
        QTest::addRow("users' keys are there") << false << Commands{sets};
        QTest::addRow("users' keys are there, lean") << true << Commands{sets};
        QTest::addRow("some users' keys are there")
            << false
            << Commands{sets,
                        {"DEL", "presence:user:p1", "presence:meta:p2", "room:lobby:user:p3",
                         "presence:user:p4", "presence:meta:p4", "room:lobby:user:p4"},
                        {"EXPIRE", "presence:meta:p6", "1000"}};
    }
    void writesWhatJoinWrites()
    {
        QFETCH(bool, isLean);
        QFETCH(QList<QByteArrayList>, losses);
        if (isLean)
            m_config.profile = PresenceConfig::Profile::Lean;
        const auto node = makeNode("one.1");
        const auto other = makeNode("two.1");
        for (int i = 0; i < 120; ++i)
            node->join(kRoom, person(i), 1h);
        const RoomId second("a:b");
        const UserId odd("na\"me: %41{}\xc3\xbc");
        node->join(second, person(3), 1h); // in two rooms, the other way round in the hash
        node->join(second, odd, 1h);
        node->join(second, UserId("anon:guest"), 1h);
        node->held.setGraceEnd(kRoom, person(7), m_clock.now() + 1h);
        node->store.join(*node->held.seat(kRoom, person(7)), {});
        other->join(kRoom, person(5), 2h);
        for (int i = 0; i < 6; ++i) // nobody else counts this room
            node->join(RoomId("alone"), person(200 + i), 1h);
        QTRY_COMPARE(m_redis->command({"SCARD", "presence:page:lobby"}).integer, 120);
        QTRY_COMPARE(m_redis->command({"SCARD", "presence:page:a%3Ab"}).integer, 3);
        QTRY_COMPARE(m_redis->command({"SCARD", "room:lobby:nodes"}).integer, 2);
        QTRY_COMPARE(m_redis->command({"SCARD", "presence:page:alone"}).integer, 6);
        QTRY_VERIFY(m_redis->command({"HGET", "presence:user:p7", "at:one.1:lobby"})
                        .text.contains(" grace "));
        QByteArrayList joined = everything();

        for (const QByteArrayList &loss : losses)
            QVERIFY(m_redis->command(loss).isOk());
        // What is shared by two nodes names the one that wrote last.
        const auto isShared = [](const QByteArray &line) {
            return line.startsWith("presence:meta:p5 ") || line.startsWith("room:lobby:user:p5 ");
        };
        joined.removeIf(isShared);
        const auto restored = [&] {
            QByteArrayList lines = everything();
            lines.removeIf(isShared);
            return lines;
        };
        QTRY_COMPARE_WITH_TIMEOUT(page(kRoom).size(), 120, 10'000);
        QTRY_COMPARE_WITH_TIMEOUT(restored(), joined, 10'000);
        // The later of two nodes' deadlines.
        QVERIFY(m_redis->command({"PTTL", "presence:user:p5"}).integer > 3'700'000);
        QVERIFY(m_redis->command({"PTTL", "presence:user:p4"}).integer < 3'600'001);
    }
    void whoLeavesOrComesMeanwhileIsRight()
    {
        constexpr int kPeople = 1'500;
        const auto node = makeNode("one.1");
        for (int i = 0; i < kPeople; ++i)
            node->join(kRoom, person(i), 1h);
        QTRY_COMPARE(page(kRoom).size(), kPeople);
        m_redis->command({"FLUSHALL"});
        // One turn of the loop writes a part of them.
        const QDeadlineTimer deadline(10s);
        qint64 written = 0;
        while (written == 0 && !deadline.hasExpired()) {
            QCoreApplication::processEvents();
            written = m_redis->command({"SCARD", "presence:page:lobby"}).integer;
        }
        QVERIFY(written > 0);
        QVERIFY2(written < kPeople, QByteArray::number(written)); // in the middle of it
        for (int i = 0; i < kPeople; i += 3)
            node->leave(kRoom, person(i));
        for (int i = 0; i < 100; ++i)
            node->join(kRoom, person(kPeople + i), 1h);
        QTRY_COMPARE_WITH_TIMEOUT(page(kRoom), heldIn(*node, kRoom), 10'000);
        const QByteArray count = QByteArray::number(page(kRoom).size());
        QTRY_COMPARE(m_redis->command({"ZSCORE", "rooms:occupancy", "lobby"}).text, count);
        QTRY_COMPARE(list({"KEYS", "presence:user:*"}).size(), page(kRoom).size());
        QTRY_COMPARE(list({"KEYS", "room:lobby:user:*"}).size(), page(kRoom).size());
        QTRY_COMPARE(m_redis->command({"ZCARD", "presence:online"}).integer, page(kRoom).size());
        QCOMPARE(m_redis->command({"ZCARD", "presence:deadlines"}).integer, page(kRoom).size());
    }
    void listenersHearOnceOfEachWhoComesOnline()
    {
        Listener listener(*m_redis, m_clock);
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        constexpr int kPeople = 450;
        for (int i = 0; i < kPeople; ++i)
            one->join(kRoom, person(i), 1h);
        const RoomId second("second");
        for (int i = 0; i < 5; ++i) {
            one->join(second, person(i), 1h); // in two rooms
            two->join(kRoom, person(10 + i), 1h); // on two nodes
            two->join(kRoom, person(kPeople + i), 1h);
        }
        constexpr int kAll = kPeople + 5;
        QTRY_COMPARE(page(kRoom).size(), kAll);
        QTRY_COMPARE(listener.heard.size(), kAll);
        for (int run = 0; run < 2; ++run) {
            listener.heard.clear();
            m_redis->command({"FLUSHALL"});
            QTRY_COMPARE_WITH_TIMEOUT(page(kRoom).size(), kAll, 10'000);
            QTRY_COMPARE_WITH_TIMEOUT(m_redis->command({"ZCARD", "presence:online"}).integer, kAll,
                                      10'000);
            QTRY_COMPARE(listener.heard.size(), kAll);
            QTRY_VERIFY(one->store.isFresh() && two->store.isFresh());
            for (auto it = listener.heard.begin(); it != listener.heard.end(); ++it)
                QVERIFY2(it.value() == 1, it.key().value());
        }
        QCOMPARE(listener.last["status"].toString(), "online");
        QVERIFY(QStringList({"one.1", "two.1"}).contains(listener.last["node"].toString()));
        QVERIFY(listener.last.contains("deviceId"));
        const double now = double(QDateTime::currentMSecsSinceEpoch());
        QVERIFY(std::abs(now - listener.last["timestamp"].toDouble()) < 60'000);
        QCOMPARE(listener.last["lastSeen"], listener.last["timestamp"]);
    }
    void whoWasBeingEnteredComesOnlineAfterAnotherOutage()
    {
        Listener listener(*m_redis, m_clock);
        const auto node = makeNode("one.1");
        constexpr int kPeople = 3'000;
        for (int i = 0; i < kPeople; ++i)
            node->join(kRoom, person(i), 1h);
        QTRY_COMPARE_WITH_TIMEOUT(page(kRoom).size(), kPeople, 10'000);
        const QDeadlineTimer deadline(20s);
        qint64 entered = 0;
        while ((entered == 0 || entered == kPeople) && !deadline.hasExpired()) {
            QTRY_VERIFY_WITH_TIMEOUT(node->store.isFresh(), 10'000);
            listener.heard.clear();
            m_redis->command({"FLUSHALL"});
            do {
                QCoreApplication::processEvents();
                entered = m_redis->command({"ZCARD", "presence:online"}).integer;
            } while (entered == 0 && !deadline.hasExpired());
        }
        QVERIFY2(entered > 0 && entered < kPeople, QByteArray::number(entered));
        m_redis->command({"CLIENT", "KILL", "TYPE", "normal"});
        QTRY_COMPARE_WITH_TIMEOUT(m_redis->command({"ZCARD", "presence:online"}).integer, kPeople,
                                  10'000);
        QTRY_COMPARE_WITH_TIMEOUT(m_redis->command({"ZCARD", "presence:deadlines"}).integer,
                                  kPeople, 10'000);
        QTRY_COMPARE(listener.heard.size(), kPeople);
    }
    void foreignKeysStopNobodyElse()
    {
        const RoomId bad("bad");
        const auto node = makeNode("one.1");
        for (int i = 0; i < 60; ++i) {
            node->join(kRoom, person(i), 1h);
            node->join(bad, person(100 + i), 1h);
        }
        QTRY_COMPARE(page(bad).size(), 60);
        m_redis->kill();
        QTRY_VERIFY(!node->store.isReachable());
        m_redis->restart(TestRedis::Data::Lost);
        m_redis->command({"SET", "room:bad:nodes", "somebody's"});
        m_redis->command({"SET", "presence:user:p7", "somebody's"});
        m_redis->command({"LPUSH", "room:lobby:user:p8", "somebody's"});
        m_redis->command({"LPUSH", "presence:meta:p9", "somebody's"});
        QSet<UserId> expected = heldIn(*node, kRoom);
        expected -= {person(7), person(8), person(9)};
        QTRY_COMPARE_WITH_TIMEOUT(page(kRoom), expected, 10'000);
        QCOMPARE(m_redis->command({"ZSCORE", "rooms:occupancy", "lobby"}).text, "57");
        QCOMPARE(page(bad), QSet<UserId>());
        QCOMPARE(m_redis->command({"GET", "room:bad:nodes"}).text, "somebody's");
        QCOMPARE(m_redis->command({"GET", "presence:user:p7"}).text, "somebody's");
        QCOMPARE(m_redis->command({"PTTL", "presence:user:p7"}).integer, -1);
        QCOMPARE(m_redis->command({"LLEN", "room:lobby:user:p8"}).integer, 1);
        QCOMPARE(m_redis->command({"LLEN", "presence:meta:p9"}).integer, 1);
        QCOMPARE(m_redis->command({"EXISTS", "presence:user:p8", "presence:user:p9"}).integer, 0);
        // Tried again until it works.
        m_redis->command({"DEL", "room:bad:nodes", "presence:user:p7", "room:lobby:user:p8",
                          "presence:meta:p9"});
        QTRY_COMPARE_WITH_TIMEOUT(page(kRoom), heldIn(*node, kRoom), 10'000);
        QTRY_COMPARE_WITH_TIMEOUT(page(bad), heldIn(*node, bad), 10'000);
    }
    void otherNodesHearOfThoseWhoCameMeanwhileOnly()
    {
        EngineNode one(*m_redis, m_clock, "one.1", m_config);
        EngineNode two(*m_redis, m_clock, "two.1", m_config);
        QTRY_VERIFY(one.engine.isFresh() && two.engine.isFresh());
        quint64 connection = 0;
        for (int i = 0; i < 70; ++i)
            one.join(++connection, person(i));
        two.join(1, UserId("watcher"));
        two.join(2, person(0)); // on both
        QTRY_COMPARE(two.engine.occupancy(kRoom), 71);
        QTRY_COMPARE(one.engine.occupancy(kRoom), 71);
        one.take();
        two.take();
        m_redis->kill();
        QTRY_VERIFY(!one.engine.isFresh() && !two.engine.isFresh());
        QByteArrayList news;
        for (int i = 100; i < 170; ++i) {
            one.join(++connection, person(i));
            news.append('+' + person(i).value());
        }
        one.take();
        m_redis->restart(TestRedis::Data::Lost);
        QTRY_VERIFY_WITH_TIMEOUT(one.engine.isFresh() && two.engine.isFresh(), 10'000);
        QTRY_COMPARE(two.engine.occupancy(kRoom), 141);
        QCOMPARE(one.engine.occupancy(kRoom), 141);
        QCOMPARE(one.take(), "");
        // By event, or by loading the room again: nobody twice, and nobody who was there already.
        QByteArrayList announced = two.take().split(' ');
        announced.removeAll("");
        QCOMPARE(QSet<QByteArray>(announced.begin(), announced.end()).size(), announced.size());
        for (const QByteArray &text : announced)
            QVERIFY2(news.contains(text), text);
        QVERIFY(announced.size() == news.size() || two.resynchronized > 0);
    }
};

QTEST_GUILESS_MAIN(tst_PresenceRestore)
#include "tst_presencerestore.moc"

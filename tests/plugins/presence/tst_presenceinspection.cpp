// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// What operators are told about who is shown, and what they can do about it: real nodes, a real
// Redis, and ghosts made by hand.
#include "core/redis/redisclient.h"
#include "inspectionfixture.h"

#include <QJsonArray>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

namespace {

const UserId kGhost("casper");

using Verdict = SeatInspection::Verdict;

} // namespace

class tst_PresenceInspection : public QObject, private InspectionFixture
{
    Q_OBJECT
private Q_SLOTS:
    void init() { reset(); }

    void memberIsExplained()
    {
        const auto node = makeNode("one.1");
        join(*node, 7, kAlice);
        join(*node, 7, kAlice, RoomId("garden:1"));
        const PresenceInspection found = inspect(*node, user(kAlice));
        QCOMPARE(findings(found), QString());
        QVERIFY(found.isComplete);
        QCOMPARE(found.users.size(), size_t(1));
        const UserInspection &alice = found.users.front();
        QVERIFY(alice.isOnline && alice.hasKey && alice.keyLeft && alice.deadlineLeft);
        QVERIFY(*alice.deadlineLeft > 70s && *alice.deadlineLeft <= 76s);
        QVERIFY(qAbs(alice.lastHeartbeatMs - m_clock.wallMs()) < 10000);
        QCOMPARE(alice.seats.size(), size_t(2));
        const SeatInspection &seat = alice.seats.back();
        QCOMPARE(seat.room, kRoom);
        QCOMPARE(seat.verdict, Verdict::Live);
        QVERIFY(seat.isCounted && seat.hasDetails);
        QCOMPARE(seat.connection, QByteArray("one.1:7"));
        QCOMPARE(seat.nodes.size(), size_t(1));
        QCOMPARE(seat.nodes.front().node, NodeId("one.1"));
        QVERIFY(seat.nodes.front().isNodeAlive() && seat.nodes.front().leaseLeft <= 5s);
        QVERIFY(seat.here.has_value());
        QCOMPARE(seat.here->size(), size_t(1));
        QCOMPARE(seat.here->front().connection, ConnectionId(7));
        QVERIFY(!seat.here->front().isInGrace);
        QVERIFY(*seat.here->front().left > 70s && *seat.here->front().left <= 75s);

        // The same from outside, without what only the node knows.
        const PresenceInspection outside = inspectFromOutside(user(kAlice));
        QCOMPARE(findings(outside), QString());
        QCOMPARE(outside.users.front().seats.size(), size_t(2));
        QVERIFY(!outside.users.front().seats.front().here);
        QCOMPARE(outside.users.front().seats.front().verdict, Verdict::Live);
    }

    void graceIsShown()
    {
        const auto node = makeNode("one.1");
        join(*node, 7, kAlice);
        node->lose(7);
        const PresenceInspection found = inspect(*node, room(kRoom));
        QCOMPARE(findings(found), QString());
        const HeldConnection &held = found.users.front().seats.front().here->front();
        QVERIFY(held.isInGrace);
        QVERIFY(*held.left > 10s && *held.left <= 15s);
        QCOMPARE(found.users.front().seats.front().nodes.front().graceLeft, held.left);
        const QString text = inspectionToText(found);
        QVERIFY2(text.contains("alice") && text.contains("GRACE") && text.contains("live")
                     && text.contains("everything fits together"),
                 qPrintable(text));
    }

    void roomIsExplained()
    {
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        join(*one, 1, kAlice);
        join(*two, 1, kAlice);
        join(*two, 2, UserId("anon:x"));
        const PresenceInspection found = inspect(*one, room(kRoom));
        QCOMPARE(findings(found), QString());
        QCOMPARE(found.room->counted, 2);
        QCOMPARE(found.room->stored, std::optional<int>(2));
        QCOMPARE(found.room->nodes.size(), size_t(2));
        QCOMPARE(found.users.size(), size_t(2));
        QCOMPARE(found.users[0].seats.front().nodes.size(), size_t(2));
        QVERIFY(found.users[0].seats.front().here && !found.users[1].seats.front().here);
        const QJsonObject json = inspectionToJson(found);
        QCOMPARE(json["room"]["occupancy"].toInt(), 2);
        QCOMPARE(json["users"][0]["seats"][0]["nodes"][1]["leaseLeftMs"].isDouble(), true);
    }

    void unknownNameIsNothing()
    {
        const auto node = makeNode("one.1");
        const PresenceInspection found =
            inspect(*node, {.user = UserId("nobody"), .room = RoomId("nobody")});
        QVERIFY(found.users.empty());
        QCOMPARE(inspectionToText(found), QString("nothing is known of it\n"));
        QVERIFY(purge(*node, user(UserId("nobody"))).seats.empty());
    }

    void ghostsAreFound_data()
    {
        QTest::addColumn<QList<QByteArrayList>>("commands");
        QTest::addColumn<Verdict>("verdict");
        QTest::addColumn<QString>("finding");
        const QByteArrayList page{"SADD", "presence:page:lobby", "user:casper"};
        const QByteArrayList set{"SADD", "room:lobby:node:dead.1", "user:casper"};
        const QByteArrayList listed{"SADD", "room:lobby:nodes", "dead.1"};
        const QByteArrayList rooms{"SADD", "presence:node:dead.1:rooms", "lobby"};
        const QByteArrayList hash{"HSET", "presence:user:casper", "at:dead.1:lobby", "1"};
        const QByteArrayList online{"ZADD", "presence:online", "1", "user:casper"};
        using Commands = QList<QByteArrayList>;
        QTest::newRow("only counted") << Commands{page} << Verdict::Ghost << "no node holds them";
        QTest::newRow("in a room without an occupancy, never expiring, online")
            << Commands{page, hash, online} << Verdict::Ghost
            << "presence:user:casper never expires";
        QTest::newRow("held by a node that nobody knows")
            << Commands{page, set, listed, rooms} << Verdict::Ghost << "nobody will reap it";
        QTest::newRow("held by an unlisted dead node, not counted")
            << Commands{set, QByteArrayList{"ZADD", "presence:nodes", "1000", "dead.1"}}
            << Verdict::Dying << "held, but not counted";
        QTest::newRow("only in the hash")
            << Commands{hash} << Verdict::Ghost << "says that node dead.1 holds them in lobby";
        QTest::newRow("only details")
            << Commands{QByteArrayList{"SET", "room:lobby:user:casper", "{}"},
                        QByteArrayList{"ZADD", "rooms:occupancy", "3", "lobby"}}
            << Verdict::Ghost << "room:lobby:user:... is left over";
        QTest::newRow("only online")
            << Commands{online} << Verdict::Ghost << "in presence:online, but no node holds them";
    }
    /// And purged: nothing remains, in any key.
    void ghostsAreFound()
    {
        QFETCH(QList<QByteArrayList>, commands);
        QFETCH(Verdict, verdict);
        QFETCH(QString, finding);
        for (const QByteArrayList &command : commands) {
            // An initializer_list cannot be made of a list.
            if (command.size() == 3)
                QVERIFY(m_redis->command({command[0], command[1], command[2]}).isOk());
            else
                QVERIFY(m_redis->command({command[0], command[1], command[2], command[3]}).isOk());
        }
        RedisHost outside(*m_redis, m_clock, NodeId("outside"));
        QTRY_VERIFY(outside.hub.isUp());
        Inspector inspector(outside.hub, std::nullopt);
        std::optional<PresenceInspection> found;
        inspector.inspect(user(kGhost), this, [&](const auto &result) { found = result.value(); });
        QTRY_VERIFY(found.has_value());
        QVERIFY2(findings(*found).contains(finding), qPrintable(findings(*found)));
        for (const SeatInspection &seat : found->users.front().seats)
            QCOMPARE(seat.verdict, verdict);

        Purger purger(outside.hub, m_clock, inspector);
        std::optional<PurgeReport> report;
        purger.purge(user(kGhost), this, [&](const auto &result) { report = result.value(); });
        QTRY_VERIFY(report.has_value());
        QVERIFY(!report->seats.empty());
        for (const PurgedSeat &seat : report->seats)
            QCOMPARE(seat.action, PurgedSeat::Action::Removed);
        // The meta hash of someone offline is kept.
        QByteArrayList left = keysOf("presence:*") + keysOf("room*");
        left.removeAll("presence:meta:casper");
        left.removeAll("presence:nodes");
        QCOMPARE(left, QByteArrayList());
        QCOMPARE(m_redis->command({"ZCARD", "presence:online"}).integer, 0);
    }

    void ghostOnAKnownDeadNodeIsDying()
    {
        m_redis->command({"ZADD", "presence:nodes", "1000", "dead.1"});
        m_redis->command({"SADD", "room:lobby:node:dead.1", "user:casper"});
        m_redis->command({"SADD", "room:lobby:nodes", "dead.1"});
        const PresenceInspection found = inspectFromOutside(user(kGhost));
        QCOMPARE(found.users.front().seats.front().verdict, Verdict::Dying);
        QVERIFY2(findings(found).contains("the lease of node dead.1 ran out"),
                 qPrintable(findings(found)));
    }

    void purgedGhostIsHeardOfEverywhere()
    {
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        m_redis->command({"SADD", "room:lobby:node:dead.1", "user:casper"});
        m_redis->command({"SADD", "room:lobby:nodes", "dead.1"});
        m_redis->command({"SADD", "presence:page:lobby", "user:casper"});
        join(*one, 1, kAlice);
        QTRY_COMPARE(one->members(), "alice casper");
        QTRY_COMPARE(two->engine.occupancy(kRoom), 2);
        one->take();

        const PurgeReport report = purge(*two, room(kRoom));
        QCOMPARE(report.seats.size(), size_t(2)); // alice is left alone
        QCOMPARE(report.seats[0].action, PurgedSeat::Action::LeftAlone);
        QCOMPARE(report.seats[1].action, PurgedSeat::Action::Removed);
        QTRY_COMPARE(one->log.trimmed(), "-casper:lost");
        QCOMPARE(one->members(), "alice");
        QTRY_COMPARE(two->engine.occupancy(kRoom), 1);
        QCOMPARE(m_redis->command({"ZSCORE", "rooms:occupancy", "lobby"}).text, QByteArray("1"));
        QCOMPARE(findings(inspect(*one, room(kRoom))), QString());
    }

    void livingMemberIsEvictedByItsNode()
    {
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        join(*one, 1, kAlice);
        one->take();
        const PurgeReport report = purge(*two, user(kAlice));
        QCOMPARE(report.seats.size(), size_t(1));
        QCOMPARE(report.seats[0].action, PurgedSeat::Action::Evicted);
        QVERIFY(one->take().contains("x1:kicked"));
        QVERIFY(!one->engine.isMember(ConnectionId(1), kRoom));
        QCOMPARE(keysOf("room:*"), QByteArrayList());
        QCOMPARE(keysOf("presence:user:*"), QByteArrayList());
    }

    void ghostThatALivingNodeSeemsToHoldIsForced()
    {
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        m_redis->command({"SADD", "room:lobby:node:one.1", "user:casper"});
        m_redis->command({"SADD", "room:lobby:nodes", "one.1"});
        m_redis->command({"SADD", "presence:page:lobby", "user:casper"});
        // The node itself knows that it does not hold them, the other one cannot.
        const PresenceInspection there = inspect(*one, user(kGhost));
        QCOMPARE(there.users.front().seats.front().verdict, Verdict::Ghost);
        QVERIFY2(findings(there).contains("which was asked, does not hold them"),
                 qPrintable(findings(there)));
        QCOMPARE(inspect(*two, user(kGhost)).users.front().seats.front().verdict, Verdict::Live);
        const PurgeReport report = purge(*two, user(kGhost));
        QCOMPARE(report.seats.size(), size_t(1));
        QCOMPARE(report.seats[0].action, PurgedSeat::Action::Forced);
        QCOMPARE(keysOf("room:*"), QByteArrayList());
    }

    void memberThatRedisLostIsNamed()
    {
        const auto node = makeNode("one.1");
        join(*node, 1, kAlice);
        m_redis->command({"SREM", "room:lobby:node:one.1", "user:alice"});
        m_redis->command({"SREM", "presence:page:lobby", "user:alice"});
        m_redis->command({"DEL", "room:lobby:user:alice"});
        m_redis->command({"HDEL", "presence:user:alice", "at:one.1:lobby"});
        const PresenceInspection found = inspect(*node, user(kAlice));
        QCOMPARE(found.users.front().seats.front().verdict, Verdict::Live);
        QVERIFY2(findings(found).contains("but not (yet) in room:lobby:node:one.1"),
                 qPrintable(findings(found)));
        QVERIFY2(findings(inspect(*node, room(kRoom))).contains("rooms:occupancy says 1"),
                 "occupancy");
    }

    void withoutAnswerOfRedisThereIsAnError()
    {
        const auto node = makeNode("one.1");
        m_redis->kill();
        QTRY_VERIFY(!node->host.hub.isUp());
        std::optional<ErrorCode> code;
        node->engine.inspect(room(kRoom), this,
                             [&](const auto &result) { code = result.error().code; });
        QTRY_COMPARE(code, std::optional(ErrorCode::Unavailable));
        code.reset();
        node->engine.purge(room(kRoom), this,
                           [&](const auto &result) { code = result.error().code; });
        QTRY_COMPARE(code, std::optional(ErrorCode::Unavailable));
    }

    void keyOfSomebodyElsesMakingIsNamed()
    {
        const auto node = makeNode("one.1");
        m_redis->command({"SET", "presence:page:lobby", "text"});
        std::optional<QString> why;
        node->engine.inspect(room(kRoom), this,
                             [&](const auto &result) { why = result.error().logText; });
        QTRY_VERIFY(why.has_value());
        QVERIFY2(why->contains("presence:page:lobby is a string"), qPrintable(*why));
    }

    void manyRoomsAndMembersAreLookedAt()
    {
        const auto node = makeNode("one.1");
        for (int i = 0; i < 1100; ++i)
            m_redis->command({"SADD", "presence:page:full", "user:u" + QByteArray::number(i)});
        for (int i = 0; i < 250; ++i)
            m_redis->command({"SADD", "presence:page:r" + QByteArray::number(i), "user:casper"});
        const PresenceInspection full = inspect(*node, room(RoomId("full")));
        QVERIFY(!full.isComplete);
        QCOMPARE(full.users.size(), Inspector::kMaxSeats);
        const PresenceInspection ghost = inspect(*node, user(kGhost));
        QVERIFY(ghost.isComplete);
        QCOMPARE(ghost.users.front().seats.size(), size_t(250));
        QCOMPARE(purge(*node, user(kGhost)).seats.size(), size_t(250));
        QCOMPARE(keysOf("presence:page:r*"), QByteArrayList());
    }
};

QTEST_GUILESS_MAIN(tst_PresenceInspection)
#include "tst_presenceinspection.moc"

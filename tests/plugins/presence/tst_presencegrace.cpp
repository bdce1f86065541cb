// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// What Redis says of seats that nobody is connected to any more, and who sees it: every node, and
// the command line.
#include "inspectionfixture.h"

#include <QJsonArray>
#include <QRegularExpression>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

namespace {

using Left = std::optional<std::chrono::milliseconds>;

const QByteArray kKey = "presence:user:alice";
const QByteArray kField = "at:one.1:lobby";

/// Of the first user's first seat.
Left graceIn(const PresenceInspection &found)
{
    if (found.users.empty() || found.users.front().seats.empty()
        || found.users.front().seats.front().nodes.empty())
        return std::nullopt;
    return found.users.front().seats.front().nodes.front().graceLeft;
}

/// A grace of 15 s, a moment ago. A node knows Redis' clock from answers: the slower they are, the
/// less.
bool isOfGrace(Left left) { return left && *left > 10s && *left < 16s; }

} // namespace

class tst_PresenceGrace : public QObject, private InspectionFixture
{
    Q_OBJECT
private:
    Left graceFromOutside(const UserId &id = kAlice)
    {
        return graceIn(inspectFromOutside(user(id)));
    }
    /// Redis has done what the node has told it so far.
    void awaitReplies(EngineNode &node) { inspect(node, user(kAlice)); }
    QByteArray seatField() { return text({"HGET", kKey, kField}); }
    void setGrace(std::chrono::milliseconds grace)
    {
        for (LivenessTimes &times : m_config.times)
            times.grace = grace;
    }
    qint64 redisNow()
    {
        const RedisReply time = m_redis->command({"TIME"});
        return time.elements[0].text.toLongLong() * 1000
            + time.elements[1].text.toLongLong() / 1000;
    }

private Q_SLOTS:
    void init() { reset(); }

    void everybodySeesIt_data()
    {
        QTest::addColumn<bool>("isLean");
        QTest::addRow("full") << false;
        QTest::addRow("lean") << true;
    }
    void everybodySeesIt()
    {
        QFETCH(bool, isLean);
        if (isLean)
            m_config.profile = PresenceConfig::Profile::Lean;
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        join(*one, 7, kAlice);
        join(*two, 1, kBob);
        QTRY_COMPARE(two->members(), "alice bob");
        QCOMPARE(graceFromOutside(), Left());
        QVERIFY(inspectionToText(inspectFromOutside(user(kAlice))).contains(" no\n"));
        two->take();
        one->lose(7);
        awaitReplies(*one);
        const PresenceInspection outside = inspectFromOutside(user(kAlice));
        for (const PresenceInspection &found : {outside, inspect(*two, user(kAlice))}) {
            QCOMPARE(findings(found), QString());
            const SeatInspection &seat = found.users.front().seats.front();
            QCOMPARE(seat.verdict, SeatInspection::Verdict::Live);
            QVERIFY(!seat.here);
            const Left left = seat.nodes.front().graceLeft;
            QVERIFY2(isOfGrace(left), QByteArray::number(qint64(left.value_or(0ms).count())));
        }
        const QRegularExpression lastColumn(QStringLiteral(" 1[0-5]\\.\\d s\n"));
        QVERIFY2(inspectionToText(outside).contains(lastColumn),
                 qPrintable(inspectionToText(outside)));
        const QJsonObject node =
            inspectionToJson(outside)["users"][0]["seats"][0]["nodes"][0].toObject();
        QVERIFY(isOfGrace(std::chrono::milliseconds(node["graceLeftMs"].toInt())));

        join(*one, 8, kAlice);
        awaitReplies(*one);
        QCOMPARE(graceFromOutside(), Left());
        QCOMPARE(graceIn(inspect(*two, user(kAlice))), Left());
        QVERIFY(seatField().toLongLong() > 0); // a number and nothing else
        // To those who are in the room nothing has happened.
        join(*one, 9, kCarol);
        QTRY_COMPARE(two->log.trimmed(), "+carol");
    }
    void returnToAnotherNodeEndsIt()
    {
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        join(*one, 7, kAlice);
        one->lose(7);
        QTRY_VERIFY(graceFromOutside());
        join(*two, 1, kAlice);
        QTRY_COMPARE(number({"HEXISTS", kKey, kField}), 0);
        QCOMPARE(number({"HEXISTS", kKey, "at:two.1:lobby"}), 1);
        QCOMPARE(graceFromOutside(), Left());
    }
    void itEndsWithTheSeat_data()
    {
        QTest::addColumn<QByteArray>("end");
        for (const char *end : {"leave", "grace", "purge", "reap"})
            QTest::addRow("%s", end) << QByteArray(end);
    }
    void itEndsWithTheSeat()
    {
        QFETCH(QByteArray, end);
        m_config.lease = 2s;
        m_config.leaseInterval = 100ms;
        if (end == "grace")
            setGrace(2s);
        auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        join(*one, 7, kAlice);
        join(*two, 1, kAlice, RoomId("other")); // keeps the hash
        one->lose(7);
        awaitReplies(*one);
        QVERIFY(graceFromOutside());
        if (end == "leave")
            one->leave(7);
        else if (end == "purge")
            QCOMPARE(purge(*two, user(kAlice)).seats.size(), size_t(2));
        else if (end == "reap")
            one.reset();
        if (end == "reap") // seen until somebody else takes the seat out
            QVERIFY(graceFromOutside());
        QTRY_COMPARE(number({"HEXISTS", kKey, kField}), 0);
        for (const QByteArray &value : list({"HVALS", kKey}))
            QVERIFY2(!value.contains("grace"), value);
        QCOMPARE(number({"EXISTS", kKey}), end == "purge" ? 0 : 1);
        for (const UserInspection &found : inspectFromOutside(user(kAlice)).users) {
            for (const SeatInspection &seat : found.seats)
                QCOMPARE(seat.room, RoomId("other"));
        }
    }
    void oneConnectionThatLivesIsEnough()
    {
        const auto node = makeNode("one.1");
        join(*node, 7, kAlice);
        join(*node, 8, kAlice);
        node->lose(7);
        awaitReplies(*node);
        QCOMPARE(graceFromOutside(), Left());
        node->leave(8);
        awaitReplies(*node);
        QVERIFY(graceFromOutside());
        join(*node, 9, kAlice);
        awaitReplies(*node);
        QCOMPARE(graceFromOutside(), Left());
        node->lose(9);
        awaitReplies(*node);
        QVERIFY(graceFromOutside());
    }
    void lostBeforeTheSeatWasWritten()
    {
        const auto node = makeNode("one.1");
        node->join(7, kAlice);
        node->lose(7);
        QTRY_VERIFY(graceFromOutside());
        QCOMPARE(findings(inspectFromOutside(user(kAlice))), QString());
    }
    void keyThatIsGoneIsNotMadeAgain()
    {
        const auto node = makeNode("one.1");
        join(*node, 7, kAlice);
        text({"DEL", kKey});
        node->lose(7);
        awaitReplies(*node);
        QCOMPARE(number({"EXISTS", kKey}), 0);
    }
    void keyOfSomebodyElseIsLeftAlone()
    {
        const auto node = makeNode("one.1");
        join(*node, 7, kAlice);
        text({"SET", kKey, "mine"});
        QTest::ignoreMessage(
            QtWarningMsg,
            QRegularExpression("GRACE .*WRONGTYPE presence:user:alice is a string, not a hash"));
        node->lose(7);
        awaitReplies(*node);
        QCOMPARE(text({"GET", kKey}), "mine");
    }
    void outageLeavesWhatIsTrue()
    {
        setGrace(60s);
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        for (quint64 i = 0; i < 5; ++i) // they take the way of many seats if anything differs
            join(*one, 20 + i, UserId("p" + QByteArray::number(i)));
        join(*one, 7, kAlice);
        join(*one, 8, kBob);
        join(*two, 1, kCarol);
        QTRY_COMPARE(two->engine.occupancy(kRoom), 8);
        one->lose(7);
        awaitReplies(*one);
        QVERIFY(graceFromOutside(kAlice));
        two->take();
        m_redis->saveAndKill();
        QTRY_VERIFY(!one->engine.isFresh() && !two->engine.isFresh());
        one->join(9, kAlice); // back, and nothing else about her has changed
        one->lose(8);
        m_redis->restart(TestRedis::Data::Kept);
        QTRY_VERIFY_WITH_TIMEOUT(one->engine.isFresh() && two->engine.isFresh(), 10'000);
        QTRY_COMPARE(graceFromOutside(kAlice), Left());
        QTRY_VERIFY(graceFromOutside(kBob));
        QCOMPARE(two->take(), "");
    }
    void whatIsLongOverIsNotShown()
    {
        text({"SADD", "room:lobby:node:one.1", "user:alice"});
        text({"SADD", "room:lobby:nodes", "one.1"});
        const auto write = [this](std::chrono::milliseconds ago) {
            text({"HSET", kKey, kField, "1 grace " + QByteArray::number(redisNow() - ago.count())});
        };
        write(2s);
        const Left left = graceFromOutside();
        QVERIFY(left && *left <= -2s && *left > -5s);
        write(6s);
        QCOMPARE(graceFromOutside(), Left());
        for (const char *nonsense : {"1 grace ", "1 grace soon", "grace 1", "", " grace 9e9"}) {
            text({"HSET", kKey, kField, nonsense});
            QCOMPARE(graceFromOutside(), Left());
        }
    }
    void nodeThatIsAskedKnowsBetterThanRedis()
    {
        const auto one = makeNode("one.1");
        join(*one, 7, kAlice);
        text({"HSET", kKey, kField, "1 grace " + QByteArray::number(redisNow() + 9'000)});
        QVERIFY(graceFromOutside());
        QCOMPARE(graceIn(inspect(*one, user(kAlice))), Left());
        one->lose(7);
        awaitReplies(*one);
        text({"HSET", kKey, kField, "1"});
        QCOMPARE(graceFromOutside(), Left());
        const Left left = graceIn(inspect(*one, user(kAlice)));
        QVERIFY2(isOfGrace(left), QByteArray::number(qint64(left.value_or(0ms).count())));
    }
};

QTEST_GUILESS_MAIN(tst_PresenceGrace)
#include "tst_presencegrace.moc"

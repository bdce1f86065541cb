// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "hubfixture.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Realtime;
using namespace std::chrono_literals;

/// The hub's path for those who get what everybody gets: read in the room's log, sent at the end of
/// the turn. tst_hub is about the other one.
class tst_HubTurn : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTurnIsOneSendForEach()
    {
        HubFixture f;
        NetworkRecipient &one = f.enter();
        NetworkRecipient &two = f.enter();
        f.chat("1");
        f.move("x", 2);
        f.chat("3");
        QCOMPARE(one.written(), QByteArray());
        f.endTurn();
        QCOMPARE(one.sends, 1);
        QCOMPARE(one.takeMarks(), QStringList({"1", "2", "3"}));
        QCOMPARE(two.takeMarks(), QStringList({"1", "2", "3"}));
        f.endTurn();
        QCOMPARE(one.sends, 1);
        QCOMPARE(f.counts.counts().framesSent, 6u);
        QCOMPARE(f.counts.counts().framesEncoded, 3u);
    }
    void ownMovementIsLeftOut()
    {
        HubFixture f;
        NetworkRecipient &one = f.enter();
        NetworkRecipient &two = f.enter();
        f.move("b", 1, 1);
        f.move("c", 2, 2);
        f.chat("3");
        f.move("b", 4, 1);
        f.endTurn();
        QCOMPARE(one.takeMarks(), QStringList({"2", "3"}));
        QCOMPARE(two.takeMarks(), QStringList({"1", "3", "4"}));
        QCOMPARE(f.counts.counts().framesSent, 5u);
        f.hub.leave(RoomId("r"), two);
        f.move("b", 5, 1);
        QCOMPARE(f.counts.counts().framesEncoded, 4u); // nobody to tell: not even encoded
    }
    void whatOneIsToldComesBetween()
    {
        HubFixture f;
        NetworkRecipient &one = f.enter();
        NetworkRecipient &two = f.enter();
        f.chat("1");
        f.tell(one, "only one");
        f.chat("2");
        f.endTurn();
        QCOMPARE(one.sends, 1);
        QCOMPARE(one.takeMarks(), QStringList({"1", "only one", "2"}));
        QCOMPARE(two.takeMarks(), QStringList({"1", "2"}));
    }
    void comingAndGoingInTheMiddleOfATurn()
    {
        HubFixture f;
        NetworkRecipient &early = f.enter();
        f.chat("1");
        NetworkRecipient &late = f.enter();
        f.chat("2");
        f.hub.leave(RoomId("r"), early);
        f.chat("3");
        QVERIFY(!f.hub.contains(RoomId("r"), early.id()));
        QVERIFY(f.hub.contains(RoomId("r"), late.id()));
        f.endTurn();
        QCOMPARE(early.takeMarks(), QStringList({"1", "2"}));
        QCOMPARE(late.takeMarks(), QStringList({"2", "3"}));
    }
    void roomThatEndsInTheMiddleOfATurn()
    {
        HubFixture f;
        NetworkRecipient &one = f.enter();
        f.chat("1");
        f.hub.leave(RoomId("r"), one);
        QVERIFY(!f.hub.hasRecipients(RoomId("r")));
        f.hub.enter(RoomId("r"), one, false);
        f.chat("2");
        f.endTurn();
        QCOMPARE(one.takeMarks(), QStringList({"1", "2"}));
    }
    void whoBlocksIsToldApart()
    {
        HubFixture f;
        NetworkRecipient &one = f.enter();
        NetworkRecipient &two = f.enter();
        f.move("bad", 1);
        f.hub.enter(RoomId("r"), one, false, {UserId("bad")});
        f.move("bad", 2);
        f.hub.broadcast(RoomId("r"), ChatEvent{"r", "bad", "3", "m"}, UserId("bad"));
        f.move("good", 4);
        f.endTurn();
        QCOMPARE(one.takeMarks(), QStringList({"1", "4"}));
        QCOMPARE(two.takeMarks(), QStringList({"1", "2", "3", "4"}));
        f.hub.enter(RoomId("r"), one, false);
        QVERIFY(one.log());
        f.move("bad", 5);
        f.endTurn();
        QCOMPARE(one.takeMarks(), QStringList({"5"}));
    }
    void whoWantsBatchesHearsTheRestAtOnce()
    {
        HubFixture f;
        NetworkRecipient &one = f.enter();
        f.hub.enter(RoomId("r"), one, true);
        QVERIFY(!one.log());
        f.move("b", 1);
        f.chat("2");
        f.endTurn();
        QCOMPARE(one.takeMarks(), QStringList({"2"}));
        f.clock.advance(50ms);
        f.endTurn();
        QCOMPARE(one.takeMarks(), QStringList({"avatar_transforms"}));
    }
    void aConnectionInTwoRooms()
    {
        HubFixture f;
        NetworkRecipient &both = f.enter("r");
        f.hub.enter(RoomId("s"), both, false);
        f.chat("1", "r");
        f.chat("2", "s");
        f.chat("3", "r");
        f.endTurn();
        QCOMPARE(both.takeMarks(), QStringList({"1", "2", "3"}));
        TurnLog *const first = both.log();
        f.hub.leave(RoomId("r"), both);
        QVERIFY(both.log() && both.log() != first); // the other room's now
        f.chat("4", "r");
        f.chat("5", "s");
        f.endTurn();
        QCOMPARE(both.takeMarks(), QStringList({"5"}));
        f.hub.leave(RoomId("s"), both);
        QVERIFY(!both.log());
    }
    void slowReaderLeavesTheLogAndComesBack()
    {
        HubFixture f;
        NetworkRecipient &slow = f.enter();
        NetworkRecipient &quick = f.enter();
        slow.room = 10;
        f.chat("1");
        f.endTurn();
        QVERIFY(!slow.log());
        QVERIFY(f.hub.contains(RoomId("r"), slow.id()));
        f.chat("2");
        f.move("b", 3, slow.id().value());
        f.endTurn();
        slow.drain();
        f.hub.resume(slow);
        QVERIFY(slow.log());
        f.chat("4");
        f.endTurn();
        QCOMPARE(slow.takeMarks(), QStringList({"1", "2", "4"}));
        QCOMPARE(quick.takeMarks(), QStringList({"1", "2", "3", "4"}));
    }
    void slowReaderGetsTheNewestMovementOfEach()
    {
        HubFixture f;
        NetworkRecipient &slow = f.enter();
        slow.room = 0;
        const QByteArray filling(qsizetype(f.config.movementMark), 'x');
        f.chat(filling.constData());
        f.endTurn();
        f.move("b", 1);
        f.move("b", 2);
        f.chat("3");
        f.endTurn();
        slow.drain();
        f.hub.resume(slow);
        f.move("b", 4);
        f.endTurn();
        QCOMPARE(slow.takeMarks().mid(1), QStringList({"3", "2", "4"}));
        QCOMPARE(f.counts.counts().movementReplaced, 1u);
    }
    void muchInOneTurnIsNotASlowReader()
    {
        HubFixture f;
        NetworkRecipient &reader = f.enter();
        NetworkRecipient &blocker = f.make();
        f.hub.enter(RoomId("r"), blocker, false, {UserId("bad")});
        const int count = int(f.config.movementMark / 100);
        for (int i = 0; i < count; ++i)
            f.move("b", i);
        f.endTurn();
        QCOMPARE(reader.takeMarks().size(), count);
        QCOMPARE(blocker.takeMarks().size(), count);
        QCOMPARE(f.counts.counts().movementReplaced, 0u);
    }
    void logIsSentEarlyWhenItGrowsLarge()
    {
        HubFixture f;
        NetworkRecipient &one = f.enter();
        const QByteArray large(100'000, 'x');
        for (int i = 0; i < 10; ++i) {
            f.chat(large.constData());
            QVERIFY(one.log()->size() < 300'000);
        }
        f.endTurn();
        QCOMPARE(one.takeMarks().size(), 10);
        QVERIFY(one.sends <= 4);
    }
    void whoDoesNotReadIsReported()
    {
        HubFixture f;
        QList<quint64> slow;
        f.hub.setSlowHandler([&](ConnectionId id) { slow += id.value(); });
        NetworkRecipient &stuck = f.enter();
        NetworkRecipient &quick = f.enter();
        stuck.room = 0;
        const QByteArray large(100'000, 'x');
        for (int i = 0; i < 20; ++i) {
            f.chat(large.constData());
            f.endTurn();
        }
        f.clock.advance(0ms);
        QCOMPARE(slow, QList<quint64>({1}));
        QVERIFY(size_t(stuck.out.size()) < f.config.closeMark + 110'000);
        QCOMPARE(quick.takeMarks().size(), 20);
    }
};

QTEST_GUILESS_MAIN(tst_HubTurn)
#include "tst_hubturn.moc"

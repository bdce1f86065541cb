// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "gatewayfixture.h"

#include <QSignalSpy>
#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Realtime;
using namespace std::chrono_literals;

class tst_Gateway : public QObject
{
    Q_OBJECT

    std::unique_ptr<GatewayFixture> f;

private Q_SLOTS:
    void init()
    {
        f = std::make_unique<GatewayFixture>();
        f->start();
    }
    void cleanup() { f.reset(); }

    void joiningAnswersWithRoomStateAndTellsTheOthers()
    {
        auto alice = f->joined("lobby", "alice");
        auto bob = f->connect();
        bob->join("lobby", "bob");
        const QJsonObject state = bob->takeOne("room_state");
        QCOMPARE(state["roomId"], QJsonValue("lobby"));
        QCOMPARE(state["occupancy"], QJsonValue(2));
        QCOMPARE(state["members"].toArray().size(), 2);
        QCOMPARE(state["heartbeatIntervalMs"], QJsonValue(25000));
        QCOMPARE(state["ttlMs"], QJsonValue(75000));
        const QJsonObject joined = alice->takeOne("member_joined")["member"].toObject();
        QCOMPARE(joined["userId"], QJsonValue("bob"));
        QCOMPARE(joined["displayName"], QJsonValue("bob"));
    }
    void roomStateShowsWhereEverybodyIs()
    {
        auto alice = f->joined("lobby", "alice");
        alice->move("lobby", 1, 4.5);
        auto bob = f->connect();
        bob->join("lobby", "bob");
        const QJsonArray members = bob->takeOne("room_state")["members"].toArray();
        QCOMPARE(members.at(0)["userId"], QJsonValue("alice"));
        QCOMPARE(members.at(0)["x"], QJsonValue(4.5));
        QCOMPARE(members.at(0)["anim"], QJsonValue("walk"));
        QCOMPARE(members.at(1)["x"], QJsonValue(0));
    }
    void movementReachesTheOthersOnly()
    {
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        auto carol = f->joined("attic", "carol");
        alice->takeEvents();
        alice->move("lobby", 1, 2);
        const QJsonObject moved = bob->takeOne("avatar_transform_broadcast");
        QCOMPARE(moved["userId"], QJsonValue("alice"));
        QCOMPARE(moved["x"], QJsonValue(2));
        QCOMPARE(alice->takeTypes(), QStringList());
        QCOMPARE(carol->takeTypes(), QStringList());
    }
    void movementThatIsNotNewerIsDropped()
    {
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        alice->move("lobby", 5, 1);
        alice->move("lobby", 5, 2);
        alice->move("lobby", 4, 3);
        QCOMPARE(bob->takeOne("avatar_transform_broadcast")["x"], QJsonValue(1));
        QCOMPARE(f->metric("realtime_dropped_total{reason=\"stale\"}"), 2.0);
    }
    void chatComesBackToItsSenderWithTheSameId()
    {
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        alice->takeEvents();
        alice->chat("lobby", "hi");
        const QJsonObject own = alice->takeOne("chat_broadcast");
        const QJsonObject other = bob->takeOne("chat_broadcast");
        QCOMPARE(own["text"], QJsonValue("hi"));
        QCOMPARE(own["userId"], QJsonValue("alice"));
        QVERIFY(!own["messageId"].toString().isEmpty());
        QCOMPARE(own, other);
        alice->chat("lobby", "hi");
        QVERIFY(alice->takeOne("chat_broadcast")["messageId"] != own["messageId"]);
    }
    void heartbeatsReachPresenceAndAreAnswered()
    {
        auto alice = f->joined("lobby", "alice");
        alice->send("heartbeat", {{"roomId", "lobby"}, {"clientTimeMs", 123.5}});
        const QJsonObject ack = alice->takeOne("heartbeat_ack");
        QCOMPARE(ack["roomId"], QJsonValue("lobby"));
        QCOMPARE(ack["clientTimeMs"], QJsonValue(123.5));
        QCOMPARE(ack["serverTimeMs"].toInteger(), f->clock.wallMs());
        QCOMPARE(f->presence.touched.size(), size_t(1));
    }
    void expiredMemberIsToldAndAHeartbeatJoinsAgain()
    {
        auto alice = f->joined("lobby", "alice");
        f->presence.expire(ConnectionId(1), RoomId("lobby"));
        alice->takeEvents();
        alice->chat("lobby", "anyone?");
        QCOMPARE(alice->takeOne("error")["code"], QJsonValue("not_in_room"));
        alice->send("heartbeat", {{"roomId", "lobby"}, {"clientTime", 1}});
        QCOMPARE(alice->takeTypes(), QStringList({"room_state", "heartbeat_ack"}));
        QVERIFY(f->presence.isMember(ConnectionId(1), RoomId("lobby")));
    }
    void leavingEndsTheMembership()
    {
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        alice->takeEvents();
        bob->send("leave_room", {{"roomId", "lobby"}});
        const QJsonObject left = alice->takeOne("member_left");
        QCOMPARE(left["userId"], QJsonValue("bob"));
        QCOMPARE(left["reason"], QJsonValue("left"));
        alice->chat("lobby", "gone?");
        QCOMPARE(bob->takeTypes(), QStringList());
    }
    void joiningAnotherRoomLeavesTheFirst()
    {
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        alice->takeEvents();
        bob->join("attic", "bob");
        QCOMPARE(alice->takeOne("member_left")["userId"], QJsonValue("bob"));
        QCOMPARE(bob->takeOne("room_state")["roomId"], QJsonValue("attic"));
        QVERIFY(!f->presence.isMember(ConnectionId(2), RoomId("lobby")));
    }
    void awayAndActiveAreUpdates()
    {
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        alice->takeEvents();
        bob->send("away", {{"roomId", "lobby"}});
        const QJsonObject update = alice->takeOne("member_updated");
        QCOMPARE(update["userId"], QJsonValue("bob"));
        QCOMPARE(update["state"], QJsonValue("away"));
        bob->send("active", {{"roomId", "lobby"}});
        QCOMPARE(alice->takeOne("member_updated")["state"], QJsonValue("active"));
    }
    void emotesReachTheRoom()
    {
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        bob->send("emote", {{"roomId", "lobby"}, {"emoteId", "wave"}});
        alice->takeEvents();
        bob->takeEvents();
        bob->send("emote", {{"roomId", "lobby"}, {"emoteId", "wave"}});
        QCOMPARE(alice->takeOne("emote_broadcast")["emoteId"], QJsonValue("wave"));
    }
    void refusedAdmissionIsAnError()
    {
        f->directory.refused = {{RoomId("full"), ErrorCode::RoomFull},
                                {RoomId("none"), ErrorCode::RoomNotFound}};
        auto alice = f->connect();
        alice->join("full", "alice");
        QJsonObject error = alice->takeOne("error");
        QCOMPARE(error["code"], QJsonValue("room_full"));
        QCOMPARE(error["event"], QJsonValue("join_room"));
        alice->join("none", "alice");
        QCOMPARE(alice->takeOne("error")["code"], QJsonValue("room_not_found"));
        QVERIFY(!f->presence.isMember(ConnectionId(1), RoomId("full")));
    }
    void roomThatRefusesIsNoReasonToLeaveTheOther()
    {
        f->directory.refused = {{RoomId("full"), ErrorCode::RoomFull}};
        auto alice = f->joined("lobby", "alice");
        alice->join("full", "alice");
        alice->takeEvents();
        alice->chat("lobby", "still here");
        QCOMPARE(alice->takeTypes(), QStringList("chat_broadcast"));
    }
    void lateAdmissionOfARoomThatWasLeftMeansNothing()
    {
        f->directory.holdsAnswers = true;
        auto alice = f->connect();
        alice->join("lobby", "alice");
        alice->send("leave_room", {{"roomId", "lobby"}});
        f->directory.finishAnswers();
        QCOMPARE(alice->takeTypes(), QStringList());
        QVERIFY(!f->presence.isMember(ConnectionId(1), RoomId("lobby")));
    }
    void answerToAnEarlierAttemptMeansNothing()
    {
        f->directory.holdsAnswers = true;
        auto alice = f->connect();
        alice->join("lobby", "alice");
        alice->send("leave_room", {{"roomId", "lobby"}});
        alice->join("lobby", "alice");
        f->directory.finishAnswers();
        QCOMPARE(alice->takeTypes(), QStringList("room_state"));
    }
    void lateAnswersFindNoConnection()
    {
        f->directory.holdsAnswers = true;
        auto alice = f->connect();
        alice->join("lobby", "alice");
        alice->peer.finish(TransportEnd::Reset);
        QCOMPARE(f->gateway->connectionCount(), 0);
        f->directory.finishAnswers();
        QVERIFY(!f->presence.isMember(ConnectionId(1), RoomId("lobby")));
    }
    void nobodyHearsOfTheRoomBeforeItsState()
    {
        f->presence.holdsJoins = true;
        auto alice = f->connect();
        alice->join("lobby", "alice");
        f->presence.joinRemote(RoomId("lobby"), Member{UserId("rita"), "Rita", {}, {}, {}, 0});
        QCOMPARE(alice->takeTypes(), QStringList());
        f->presence.finishJoins();
        QCOMPARE(alice->takeOne("room_state")["occupancy"], QJsonValue(2));
        f->presence.joinRemote(RoomId("lobby"), Member{UserId("rosa"), "Rosa", {}, {}, {}, 0});
        QCOMPARE(alice->takeTypes(), QStringList("member_joined"));
    }
    void chatWhileEnteringIsSharedAndReceipted()
    {
        auto bob = f->joined("lobby", "bob");
        f->presence.holdsJoins = true;
        auto alice = f->connect();
        alice->join("lobby", "alice");
        alice->chat("lobby", "early");
        QCOMPARE(alice->takeTypes(), QStringList("chat_broadcast"));
        QCOMPARE(bob->takeTypes(), QStringList({"member_joined", "chat_broadcast"}));
    }
    void sameDeviceInTheSameRoomReplacesTheOlder()
    {
        auto watcher = f->joined("lobby", "bob");
        auto old = f->joined("lobby", "alice", {{"deviceId", "d1"}});
        auto other = f->joined("lobby", "alice", {{"deviceId", "d2"}});
        watcher->takeEvents();
        auto young = f->joined("lobby", "alice", {{"deviceId", "d1"}});
        old->takeEvents();
        QCOMPARE(old->closeCode, 4005);
        QCOMPARE(watcher->takeTypes(), QStringList());
        other->takeEvents();
        QCOMPARE(other->closeCode, 0);
        QVERIFY(f->presence.containsUser(RoomId("lobby"), UserId("alice")));
    }

    void closeCodesDecideHowPresenceEnds_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<LeaveReason>("reason");
        QTest::newRow("said goodbye") << 1000 << LeaveReason::Left;
        QTest::newRow("tab closed") << 1001 << LeaveReason::Lost;
        QTest::newRow("own code") << 4321 << LeaveReason::Lost;
        QTest::newRow("no word") << 0 << LeaveReason::Lost;
    }
    void closeCodesDecideHowPresenceEnds()
    {
        QFETCH(int, code);
        QFETCH(LeaveReason, reason);
        auto alice = f->joined("lobby", "alice");
        QSignalSpy closed(f->gateway.get(), &RealtimeService::connectionClosed);
        if (code == 0)
            alice->peer.finish(TransportEnd::Reset);
        else
            alice->close(quint16(code));
        QCOMPARE(f->presence.ended.size(), size_t(1));
        QCOMPARE(f->presence.ended[0].reason, reason);
        QCOMPARE(closed.size(), 1);
        QTRY_COMPARE(f->gateway->connectionCount(), 0);
        QCOMPARE(f->presence.ended.size(), size_t(1));
    }
    void operatorsKick()
    {
        auto alice = f->joined("lobby", "alice");
        f->gateway->closeConnection(ConnectionId(1), CloseCode::Kicked);
        QCOMPARE(alice->takeTypes(), QStringList("moderation_action"));
        QCOMPARE(alice->closeCode, 4500);
        QCOMPARE(f->presence.ended[0].reason, LeaveReason::Kicked);
    }
    void nothingOvertakesWhatTheRoomWasToldInTheSameTurn()
    {
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        alice->takeEvents();
        alice->chat("lobby", "one");
        bob->peer.send(ClientFrame{0x89, "p"}.bytes());
        alice->chat("lobby", "two");
        f->gateway->closeConnection(ConnectionId(2), CloseCode::Drained);
        QList<int> opcodes;
        for (const ServerFrame &frame : bob->takeFrames())
            opcodes += frame.opcode;
        QCOMPARE(opcodes, QList<int>({0x1, 0xa, 0x1, 0x8}));
    }
    void whatTheRoomWasToldIsInTheBytesOfAConnection()
    {
        static QString line;
        auto alice = f->joined("lobby", "alice");
        auto bob = f->connect();
        bob->join("lobby", "bob");
        alice->chat("lobby", "the last word");
        const QtMessageHandler before = qInstallMessageHandler(
            [](QtMsgType, const QMessageLogContext &, const QString &text) { line = text; });
        f->gateway->closeConnection(ConnectionId(2), CloseCode::Drained);
        qInstallMessageHandler(before);
        QByteArray all = bob->peer.takeReceived();
        const qsizetype size = all.size();
        const std::vector<ServerFrame> frames = takeServerFrames(all);
        QCOMPARE(frames.size(), size_t(3)); // room_state, the word, and the Close, not yet counted
        QCOMPARE(line.section("bytesOut=", 1),
                 QString::number(size - 2 - frames[2].payload.size()));
    }
};

QTEST_GUILESS_MAIN(tst_Gateway)
#include "tst_gateway.moc"

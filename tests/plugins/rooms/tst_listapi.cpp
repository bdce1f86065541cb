// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/listapi.h"

#include "plugins/rooms/clientconfiguration.h"

#include "testnode.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Rooms;
using namespace std::chrono_literals;

namespace {

class FakeRealtime : public RealtimeService
{
public:
    std::vector<ConnectionInfo> infos;
    int connectionCount() const override { return int(infos.size()); }
    std::vector<ConnectionInfo> connections() const override { return infos; }
    void sendToConnection(ConnectionId, const QByteArray &, const QByteArray &) override { }
    void sendToRoom(const RoomId &, const QByteArray &, const QByteArray &) override { }
    void closeConnection(ConnectionId, CloseCode) override { }
};

RoomsConfig demo()
{
    RoomsConfig config;
    config.rooms = {roomOf("lobby", 10, "eu"), roomOf("a/b", 10, "us"), roomOf("endless", 0, "us")};
    return config;
}

} // namespace

class tst_ListApi : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void roomIsShownWithItsMembers()
    {
        TestNode node(demo());
        node.enter(1, "lobby", "alice");
        node.presence.joinRemote(RoomId("lobby"), memberOf("bob"));
        const QJsonObject room = TestNode::jsonOf(node.call("GET", "/rooms/lobby"));
        QCOMPARE(room.value("id").toString(), QString("lobby"));
        QCOMPARE(room.value("kind").toString(), QString("room"));
        QCOMPARE(room.value("estimatedOccupancy").toInt(), 2);
        QCOMPARE(room.value("connections").toInt(), 1);
        const QJsonArray members = room.value("members").toArray();
        QCOMPARE(members.size(), 2);
        QCOMPARE(members.at(0).toObject().value("userId").toString(), QString("alice"));
        QCOMPARE(members.at(1).toObject().value("state").toString(), QString("active"));
        QVERIFY(!room.contains("node"));
        QVERIFY(!room.contains("connectionsHere"));
    }

    void encodedIdsAndForeignKindsAreFound()
    {
        TestNode node(demo());
        QCOMPARE(TestNode::jsonOf(node.call("GET", "/rooms/a%2Fb")).value("id").toString(),
                 QString("a/b"));
        QCOMPARE(node.call("GET", "/rooms/%2Fdocs").status, 404);
        node.presence.fill(RoomId("/docs"), 2, RoomKind::Page);
        const QJsonObject page = TestNode::jsonOf(node.call("GET", "/rooms/%2Fdocs"));
        QCOMPARE(page.value("kind").toString(), QString("page"));
        QCOMPARE(page.value("estimatedOccupancy").toInt(), 2);
        QCOMPARE(TestNode::jsonOf(node.call("GET", "/rooms/nowhere")).value("code").toString(),
                 QString("room_not_found"));
    }

    void healthIsMeasured()
    {
        TestNode node(demo());
        const auto health = [&node] {
            return TestNode::jsonOf(node.call("GET", "/rooms/lobby")).value("health").toObject();
        };
        QVERIFY2(health().value("messagesPerSecond").isNull(), "nobody counts messages");
        FakeRealtime realtime;
        node.listApi.setRealtime(&realtime);
        node.enter(1, "lobby", "alice");
        node.enter(2, "lobby", "bob");
        node.presence.leave(ConnectionId(1), RoomId("lobby"), LeaveReason::Left);
        for (int i = 0; i < 30; ++i)
            Q_EMIT realtime.transformReceived(RoomId("lobby"), UserId("bob"), {});
        QCOMPARE(health().value("joinsPerMinute").toInt(), 2);
        QCOMPARE(health().value("leavesPerMinute").toInt(), 1);
        QCOMPARE(health().value("messagesPerSecond").toDouble(), 0.5);
        QCOMPARE(health().value("trend").toString(), QString("rising"));
        node.clock.advance(2min);
        QCOMPARE(health().value("joinsPerMinute").toInt(), 0);
        QCOMPARE(health().value("trend").toString(), QString("steady"));
        node.presence.leave(ConnectionId(2), RoomId("lobby"), LeaveReason::Left);
        QCOMPARE(health().value("trend").toString(), QString("falling"));
    }

    void operatorsSeeConnections()
    {
        TestNode node(demo());
        FakeRealtime realtime;
        ConnectionInfo here;
        here.id = ConnectionId(7);
        here.user = UserId("alice");
        here.rooms = {RoomId("lobby")};
        here.address = QHostAddress("192.0.2.1");
        ConnectionInfo elsewhere = here;
        elsewhere.rooms = {RoomId("a/b")};
        realtime.infos = {elsewhere, here};
        node.listApi.setRealtime(&realtime);
        HttpRequest request;
        request.isOperator = true;
        const QJsonObject room =
            TestNode::jsonOf(node.http.call("GET", "/rooms/lobby", request)->value());
        QCOMPARE(room.value("node").toString(), QString("n.1"));
        const QJsonArray connections = room.value("connectionsHere").toArray();
        QCOMPARE(connections.size(), 1);
        QCOMPARE(connections.at(0).toObject().value("connectionId").toInt(), 7);
        QCOMPARE(connections.at(0).toObject().value("address").toString(), QString("192.0.2.1"));
    }

    void hottestSaysWhy()
    {
        TestNode node(demo());
        node.presence.fill(RoomId("lobby"), 4);
        node.presence.fill(RoomId("endless"), 2);
        const auto hottest = [&node](const char *query) {
            return TestNode::jsonOf(node.call("GET", QByteArray("/rooms/hottest") + query));
        };
        const QJsonObject any = hottest("");
        QCOMPARE(any.value("roomId").toString(), QString("lobby"));
        QCOMPARE(any.value("rank").toInt(), 1);
        QCOMPARE(any.value("candidates").toInt(), 3);
        QCOMPARE(any.value("score").toObject().value("occupancy").toInt(), 4);
        QCOMPARE(any.value("score").toObject().value("freeSeats").toInt(), 6);
        QVERIFY(!any.value("score").toObject().value("sameRegion").toBool());
        const QJsonObject here = hottest("?region=us");
        QCOMPARE(here.value("roomId").toString(), QString("endless"));
        QVERIFY(here.value("score").toObject().value("sameRegion").toBool());
        QVERIFY(here.value("score").toObject().value("freeSeats").isNull());
        QCOMPARE(node.directory.seats().reserved(RoomId("lobby")), 0);
    }

    void clientsAreToldHowToBehave()
    {
        TestNode node;
        RoomsConfig config;
        const QJsonObject json = clientConfiguration(config, node.presence);
        QCOMPARE(json.value("heartbeatIntervalMs").toInt(), 25'000);
        QCOMPARE(json.value("ttlMs").toInt(), 75'000);
        QCOMPARE(json.value("REALTIME_PROVIDER").toString(), QString("ws"));
        QCOMPARE(json.value("REALTIME_RECONNECT_INTERVAL_MS").toInt(), 1000);
        QCOMPARE(json.value("USE_MOCK_REALTIME"), QJsonValue(false));
    }
};

QTEST_GUILESS_MAIN(tst_ListApi)
#include "tst_listapi.moc"

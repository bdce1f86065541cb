// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/joinapi.h"

#include "support/fakemoderationservice.h"
#include "support/faketokenservice.h"
#include "testnode.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Rooms;
using namespace std::chrono_literals;

namespace {

RoomsConfig demo()
{
    RoomsConfig config;
    config.rooms = {roomOf("lobby", 10, "eu"), roomOf("garden", 10, "us"), roomOf("attic", 1, "eu"),
                    roomOf("cellar", 5, "eu", true)};
    return config;
}

QJsonObject join(TestNode &node, const QByteArray &body, int status = 200)
{
    const HttpResponse response = node.call("POST", "/rooms/join", body);
    const QJsonObject json = TestNode::jsonOf(response);
    if (response.status != status)
        qWarning("status %d: %s", response.status, response.body.constData());
    return response.status == status ? json : QJsonObject();
}

QString codeOf(TestNode &node, const QByteArray &body, int status)
{
    return join(node, body, status).value("code").toString();
}

TokenClaims claimsOf(TestNode &node, const QJsonObject &answer)
{
    const auto claims = node.tokens.verify(answer.value("realtimeToken").toString().toLatin1());
    return claims ? *claims : TokenClaims();
}

} // namespace

class tst_JoinApi : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void guestGetsATokenForTheRoom()
    {
        TestNode node(demo());
        node.http.url = "https://play.example.org:8443";
        node.presence.fill(RoomId("lobby"), 3);
        const QJsonObject answer =
            join(node,
                 "{\"roomId\":\"lobby\",\"deviceType\":\"mobile\",\"deviceId\":\"phone\",\"user\":{"
                 "\"userId\":"
                 "\"alice\",\"displayName\":\"Alice\",\"avatarId\":\"fox\"}}");
        QCOMPARE(answer.keys(),
                 (QStringList{"expiresAtMs", "occupancy", "realtimeToken", "roomId", "serverTimeMs",
                              "voiceToken", "voiceUrl", "wsUrl"}));
        QCOMPARE(answer.value("roomId").toString(), QString("lobby"));
        QCOMPARE(answer.value("wsUrl").toString(), QString("wss://play.example.org:8443/ws"));
        QVERIFY(answer.value("voiceToken").isNull());
        QVERIFY(answer.value("voiceUrl").isNull());
        QCOMPARE(answer.value("serverTimeMs").toInteger(), node.clock.wallMs());
        QCOMPARE(answer.value("expiresAtMs").toInteger(), node.clock.wallMs() + 60'000);
        QCOMPARE(answer.value("occupancy").toInt(), 3);
        const TokenClaims claims = claimsOf(node, answer);
        QCOMPARE(claims.subject, UserId("alice"));
        QCOMPARE(claims.room, RoomId("lobby"));
        QCOMPARE(claims.name, QByteArray("Alice"));
        QCOMPARE(claims.avatar, QByteArray("fox"));
        QCOMPARE(claims.device, QByteArray("phone"));
        QCOMPARE(claims.deviceType, QByteArray("mobile"));
        QVERIFY(!claims.id.isEmpty());
        QCOMPARE(node.directory.seats().reserved(RoomId("lobby")), 1);
    }

    void namelessGuestsAreDifferentPeople()
    {
        TestNode node(demo());
        const UserId one = claimsOf(node, join(node, "{\"roomId\":\"lobby\"}")).subject;
        const UserId other =
            claimsOf(node, join(node, "{\"roomId\":\"lobby\",\"user\":{\"userId\":null}}")).subject;
        QVERIFY(one.value().startsWith("anon:"));
        QVERIFY(one != other);
        QCOMPARE(node.directory.seats().reserved(RoomId("lobby")), 2);
    }

    void numericIdsStayNumbers()
    {
        TestNode node(demo());
        const TokenClaims claims =
            claimsOf(node, join(node, "{\"roomId\":\"lobby\",\"user\":{\"userId\":42}}"));
        QCOMPARE(claims.subject, UserId("42"));
        QVERIFY(claims.numericSubject);
    }

    void callerIsWhoTheTokenSays()
    {
        TestNode node(demo());
        HttpRequest request;
        TokenClaims caller;
        caller.subject = UserId("bob");
        caller.name = "Bob";
        caller.role = "web";
        caller.region = "us";
        caller.groups = {"g"};
        request.caller = caller;
        request.body = "{\"deviceType\":\"vr\"}";
        const QJsonObject answer =
            TestNode::jsonOf(node.http.call("POST", "/rooms/join", request)->value());
        const TokenClaims claims = claimsOf(node, answer);
        QCOMPARE(claims.subject, UserId("bob"));
        QCOMPARE(claims.name, QByteArray("Bob"));
        QCOMPARE(claims.role, QByteArray("web"));
        QCOMPARE(claims.deviceType, QByteArray("vr"));
        QCOMPARE(answer.value("roomId").toString(), QString("garden")); // of the token's region

        request.body = "{\"user\":{\"userId\":\"alice\"}}";
        QCOMPARE(node.http.call("POST", "/rooms/join", request)->value().status, 403);
        request.body = "{\"user\":{\"userId\":\"bob\"}}";
        QCOMPARE(node.http.call("POST", "/rooms/join", request)->value().status, 200);
        request.caller->room = RoomId("lobby");
        QCOMPARE(node.http.call("POST", "/rooms/join", request)->value().status, 403);
    }

    void guestsAreRefusedWhenTokensAreRequired()
    {
        TestNode node(demo());
        AuthConfig config = TestNode::authConfig();
        config.required = true;
        QVERIFY(node.tokens.applyConfiguration(config));
        QCOMPARE(codeOf(node, "{\"roomId\":\"lobby\"}", 401), QString("unauthorized"));
        QCOMPARE(node.http.accessOf("POST", "/rooms/join"), HttpAccess::User);
    }

    void wrongBodiesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("not JSON") << QByteArray("roomId=lobby");
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("room is an object") << QByteArray("{\"roomId\":{}}");
        QTest::newRow("room is too long") << "{\"roomId\":\"" + QByteArray(129, 'x') + "\"}";
        QTest::newRow("user is a text") << QByteArray("{\"user\":\"alice\"}");
        QTest::newRow("user id is a fraction") << QByteArray("{\"user\":{\"userId\":1.5}}");
        QTest::newRow("control character") << QByteArray("{\"user\":{\"userId\":\"a\\u0000b\"}}");
        QTest::newRow("long name")
            << "{\"user\":{\"displayName\":\"" + QByteArray(65, 'x') + "\"}}";
        QTest::newRow("script as avatar")
            << QByteArray("{\"user\":{\"avatarId\":\"javascript:alert(1)\"}}");
        QTest::newRow("unknown device") << QByteArray("{\"deviceType\":\"toaster\"}");
        QTest::newRow("device is a number") << QByteArray("{\"deviceType\":5}");
        QTest::newRow("region is a list") << QByteArray("{\"region\":[]}");
    }
    void wrongBodiesAreRefused()
    {
        QFETCH(QByteArray, body);
        TestNode node(demo());
        const HttpResponse response = node.call("POST", "/rooms/join", body);
        QCOMPARE(response.status, 400);
        for (const char *room : {"lobby", "garden", "attic"})
            QCOMPARE(node.directory.seats().reserved(RoomId(room)), 0);
    }

    void roomsThatCannotBeEnteredSayWhy()
    {
        TestNode node(demo());
        FakeModerationService moderation;
        moderation.ban({.room = RoomId("lobby"), .user = UserId("mallory")}, nullptr, {});
        node.directory.setModeration(&moderation);
        QCOMPARE(codeOf(node, "{\"roomId\":\"nowhere\"}", 404), QString("room_not_found"));
        QCOMPARE(codeOf(node, "{\"roomId\":\"hottest\"}", 404), QString("room_not_found"));
        (void)join(node, "{\"roomId\":\"attic\",\"user\":{\"userId\":\"first\"}}");
        QCOMPARE(codeOf(node, "{\"roomId\":\"attic\",\"user\":{\"userId\":\"second\"}}", 409),
                 QString("room_full"));
        (void)join(node, "{\"roomId\":\"attic\",\"user\":{\"userId\":\"first\"}}");
        QCOMPARE(codeOf(node, "{\"roomId\":\"lobby\",\"user\":{\"userId\":\"mallory\"}}", 409),
                 QString("blocked"));
        moderation.ban({.room = RoomId("*"), .user = UserId("mallory")}, nullptr, {});
        QCOMPARE(codeOf(node, "{\"roomId\":\"garden\",\"user\":{\"userId\":\"mallory\"}}", 409),
                 QString("blocked"));
        QVERIFY(!join(node, "{\"roomId\":\"cellar\"}").isEmpty()); // private, but known to who asks
    }

    void hottestIsChosenAndSkipsWhatIsFull()
    {
        TestNode node(demo());
        node.presence.fill(RoomId("garden"), 9);
        node.presence.fill(RoomId("cellar"), 4);
        const auto roomFor = [&node](const QByteArray &body) {
            return join(node, body).value("roomId").toString();
        };
        QCOMPARE(roomFor("{}"), QString("garden"));
        QVERIFY2(roomFor("{}") != "garden", "the tenth seat is held");
        QCOMPARE(roomFor("{\"region\":\"us\"}").isEmpty(), false);
        FakeModerationService moderation;
        moderation.ban({.room = RoomId("lobby"), .user = UserId("mallory")}, nullptr, {});
        node.directory.setModeration(&moderation);
        QCOMPARE(roomFor("{\"region\":\"eu\",\"user\":{\"userId\":\"mallory\"}}"),
                 QString("attic"));
    }

    void withoutASeatAnywhereTheClientIsToldToComeBack()
    {
        TestNode node(demo());
        for (const char *room : {"lobby", "garden", "attic"})
            node.presence.fill(RoomId(room), 10);
        const HttpResponse response = node.call("POST", "/rooms/join", "{}");
        QCOMPARE(response.status, 503);
        QCOMPARE(TestNode::jsonOf(response).value("code").toString(), QString("no_room"));
        QCOMPARE(TestNode::headerOf(response, "Retry-After"), QByteArray("1"));
        QCOMPARE(node.call("GET", "/rooms/hottest").status, 503);
    }

    void thousandJoinsFillEveryRoomAndNoMore()
    {
        RoomsConfig config;
        config.joinAttempts = 1000;
        for (int i = 0; i < 30; ++i)
            config.rooms.push_back(roomOf(("r" + QByteArray::number(i)).constData(), 1 + i));
        const int seats = 30 * 31 / 2;
        TestNode node(config);
        int seated = 0;
        for (int i = 0; i < 1000; ++i)
            seated += node.call("POST", "/rooms/join", "{}").status == 200;
        QCOMPARE(seated, seats);
        for (const ConfiguredRoom &room : config.rooms)
            QCOMPARE(node.directory.seats().reserved(room.definition.id), room.definition.capacity);
    }

    void seatIsFreeAgainAfterTheReservation()
    {
        TestNode node(demo());
        (void)join(node, "{\"roomId\":\"attic\"}");
        QCOMPARE(codeOf(node, "{\"roomId\":\"attic\"}", 409), QString("room_full"));
        node.clock.advance(15s);
        QVERIFY(!join(node, "{\"roomId\":\"attic\"}").isEmpty());
    }

    void wsUrlIsThatOfTheNodeThatHoldsMostOfTheRoom()
    {
        TestNode node(demo());
        node.http.url = "https://a.example.org";
        QCOMPARE(join(node, "{\"roomId\":\"lobby\"}").value("wsUrl").toString(),
                 "wss://a.example.org/ws");
        node.presence.home = OpenNode{NodeId("b.1"), "https://b.example.org", 3};
        QCOMPARE(join(node, "{\"roomId\":\"lobby\"}").value("wsUrl").toString(),
                 "wss://b.example.org/ws");
        QCOMPARE(node.presence.homesAsked.back(), RoomId("lobby"));
    }
    void withoutAffinityNobodyIsSentAway()
    {
        RoomsConfig config = demo();
        config.hasAffinity = false;
        TestNode node(config);
        node.presence.home = OpenNode{NodeId("b.1"), "https://b.example.org", 3};
        QCOMPARE(join(node, "{\"roomId\":\"lobby\"}").value("wsUrl").toString(),
                 "ws://127.0.0.1:8080/ws");
        QVERIFY(node.presence.homesAsked.empty());
    }
    void theAnswerWaitsForTheHomeOfTheRoomThatIsChosen()
    {
        TestNode node(demo());
        node.presence.fill(RoomId("attic"), 1); // the fullest by far: tried first, and skipped
        node.presence.fill(RoomId("garden"), 2);
        node.presence.holdsHomes = true;
        HttpRequest request;
        request.body = "{\"region\":\"eu\"}";
        const auto answer = node.http.call("POST", "/rooms/join", request);
        QVERIFY(!answer->has_value());
        node.presence.home = OpenNode{NodeId("b.1"), "http://b", 3};
        node.presence.finishHomes();
        QVERIFY(answer->has_value());
        QCOMPARE(TestNode::jsonOf(**answer).value("wsUrl").toString(), "ws://b/ws");
    }
    void nodeThatDrainsNamesAnotherOneOrNone()
    {
        TestNode node(demo());
        node.presence.draining = true;
        QCOMPARE(codeOf(node, "{\"roomId\":\"lobby\"}", 503), "draining");
        QCOMPARE(node.directory.seats().reserved(RoomId("lobby")), 0);
        node.presence.home = OpenNode{NodeId("b.1"), "https://b.example.org", 0};
        QCOMPARE(join(node, "{\"roomId\":\"lobby\"}").value("wsUrl").toString(),
                 "wss://b.example.org/ws");
    }
    void joinsOfOneAddressAreLimited()
    {
        RoomsConfig config = demo();
        config.joinRate = {3, 7};
        TestNode node(config);
        QCOMPARE(node.http.rates["POST /rooms/join"].burst, 7);
        config.joinRate = {0, 1};
        node.directory.applyConfiguration(config);
        node.joinApi.applyConfiguration();
        QCOMPARE(node.http.rates["POST /rooms/join"].perSecond, 0.0);
    }
    void drainingNodeSendsClientsElsewhere()
    {
        TestNode node(demo());
        node.joinApi.setDraining();
        const HttpResponse response = node.call("POST", "/rooms/join", "{}");
        QCOMPARE(response.status, 503);
        QCOMPARE(TestNode::jsonOf(response).value("code").toString(), QString("draining"));
        QVERIFY(!TestNode::headerOf(response, "Retry-After").isEmpty());
    }

    void nodeIsNotReadyBeforeItHasASecret()
    {
        TestNode node(demo());
        FakeHttpService http;
        FakeTokenService tokens;
        tokens.isUsable = false;
        JoinApi api(http, node.directory, node.board, node.presence, tokens, node.clock,
                    node.metrics);
        QCOMPARE(http.unreadyReasons(), QStringList{"tokens: no secret to sign tokens with yet"});
        tokens.isUsable = true;
        QCOMPARE(http.unreadyReasons(), QStringList());
    }

    void joinsAreCountedByResult()
    {
        TestNode node(demo());
        (void)join(node, "{}");
        (void)codeOf(node, "{\"roomId\":\"nowhere\"}", 404);
        const auto count = [&node](const char *result) {
            return node.metrics.counter("rooms_joins_total", "", {{"result", result}}).Value();
        };
        QCOMPARE(count("ok"), 1.0);
        QCOMPARE(count("room_not_found"), 1.0);
    }
};

QTEST_GUILESS_MAIN(tst_JoinApi)
#include "tst_joinapi.moc"

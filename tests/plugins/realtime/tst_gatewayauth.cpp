// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "gatewayfixture.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Realtime;
using namespace std::chrono_literals;

/// Who may join as whom: tokens, guests, auth_error and the time to do better.
class tst_GatewayAuth : public QObject
{
    Q_OBJECT

    std::unique_ptr<GatewayFixture> f;

    static UpgradeRequest withHeader(const QByteArray &name, const QByteArray &value)
    {
        UpgradeRequest request;
        request.headers = {{name, value}};
        return request;
    }
    static UpgradeRequest withQuery(const QString &query)
    {
        UpgradeRequest request;
        request.query = QUrlQuery(query);
        return request;
    }
    static UpgradeRequest withSubprotocols(const QList<QByteArray> &offered)
    {
        UpgradeRequest request;
        request.subprotocols = offered;
        return request;
    }

private Q_SLOTS:
    void init()
    {
        f = std::make_unique<GatewayFixture>();
        f->tokens.authRequired = true;
        f->tokens.add("good", "alice");
        f->tokens.add("lobby-only", "alice", "lobby");
        f->tokens.add("bob's", "bob");
        f->tokens.expired = {"old"};
        f->start();
    }
    void cleanup() { f.reset(); }

    void tokensAreTakenFromEveryPlace_data()
    {
        QTest::addColumn<int>("place");
        QTest::newRow("query") << 0;
        QTest::newRow("Authorization") << 1;
        QTest::newRow("header token") << 2;
        QTest::newRow("header voicepingtoken") << 3;
        QTest::newRow("sub-protocol pair") << 4;
    }
    void tokensAreTakenFromEveryPlace()
    {
        QFETCH(int, place);
        const UpgradeRequest requests[] = {
            withQuery("token=good"), withHeader("authorization", "bearer good"),
            withHeader("Token", "good"), withHeader("VoicePingToken", "good"),
            withSubprotocols({"other", "rollcall", "good"})};
        auto client = f->connect(requests[place]);
        client->join("lobby", nullptr);
        QCOMPARE(client->takeOne("room_state")["members"][0]["userId"], QJsonValue("alice"));
    }
    void subprotocolIsAcceptedAndNeverTheToken()
    {
        QCOMPARE(f->gateway->decide(withSubprotocols({"rollcall", "good"})).subprotocol,
                 QByteArray("rollcall"));
        QCOMPARE(f->gateway->decide(withSubprotocols({"other"})).subprotocol, QByteArray());
    }
    void tokenInJoinRoom_data()
    {
        QTest::addColumn<QString>("key");
        QTest::newRow("token") << "token";
        QTest::newRow("realtimeToken") << "realtimeToken";
    }
    void tokenInJoinRoom()
    {
        QFETCH(QString, key);
        auto client = f->connect();
        client->join("lobby", nullptr, {{key, "good"}});
        QCOMPARE(client->takeTypes(), QStringList("room_state"));
        QCOMPARE(f->directory.requests.back().reservation, QByteArray("reservation-of-alice"));
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("token");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("room");
        QTest::addColumn<QString>("reason");
        QTest::newRow("none") << ""
                              << "alice"
                              << "lobby"
                              << "invalid_token";
        QTest::newRow("bad") << "bad"
                             << "alice"
                             << "lobby"
                             << "invalid_token";
        QTest::newRow("expired") << "old"
                                 << "alice"
                                 << "lobby"
                                 << "token_expired";
        QTest::newRow("another user") << "good"
                                      << "bob"
                                      << "lobby"
                                      << "forbidden";
        QTest::newRow("another room") << "lobby-only"
                                      << "alice"
                                      << "attic"
                                      << "forbidden";
        QTest::newRow("too long") << QString(2049, 'x') << "alice"
                                  << "lobby"
                                  << "invalid_token";
    }
    void refusals()
    {
        QFETCH(QString, token);
        QFETCH(QString, user);
        QFETCH(QString, room);
        QFETCH(QString, reason);
        auto client = f->connect();
        QJsonObject more;
        if (!token.isEmpty())
            more["token"] = token;
        client->join(qPrintable(room), qPrintable(user), more);
        QCOMPARE(client->takeOne("auth_error")["reason"].toString(), reason);
        QVERIFY(f->presence.occupancies().empty());
        // The socket is open, and a good token does it.
        client->join("lobby", "alice", {{"token", "good"}});
        QCOMPARE(client->takeTypes(), QStringList("room_state"));
        f->clock.advance(11s);
        client->takeEvents();
        QCOMPARE(client->closeCode, 0);
    }
    void badTokenOfAHandshakeIsAnsweredAtOnce()
    {
        auto client = f->connect(withQuery("token=old"));
        QCOMPARE(client->takeOne("auth_error")["reason"], QJsonValue("token_expired"));
    }
    void nobodyIsClosedAfterTheDeadline()
    {
        auto silent = f->connect();
        auto failing = f->connect(withQuery("token=bad"));
        auto good = f->connect(withQuery("token=good"));
        f->clock.advance(9s);
        failing->join("lobby", nullptr, {{"token", "bad"}}); // no second chance to wait
        f->clock.advance(900ms);
        for (FakeClient *client : {silent.get(), failing.get()}) {
            client->takeEvents();
            QCOMPARE(client->closeCode, 0);
        }
        f->clock.advance(300ms);
        for (FakeClient *client : {silent.get(), failing.get()}) {
            client->takeEvents();
            QCOMPARE(client->closeCode, 4004);
        }
        good->takeEvents();
        QCOMPARE(good->closeCode, 0);
    }
    void sessionLivesOnAfterItsTokenHasExpired()
    {
        auto client = f->connect(withQuery("token=good"));
        client->join("lobby", nullptr);
        client->takeEvents();
        f->tokens.known.clear();
        f->tokens.expired += "good";
        client->join("attic", "alice");
        QCOMPARE(client->takeTypes(), QStringList("room_state"));
        client->join("attic", "bob");
        QCOMPARE(client->takeOne("auth_error")["reason"], QJsonValue("forbidden"));
    }
    void roomScopedTokenOpensNoOtherRoomLater()
    {
        auto client = f->connect();
        client->join("lobby", "alice", {{"token", "lobby-only"}});
        client->takeEvents();
        client->join("attic", "alice");
        QCOMPARE(client->takeOne("auth_error")["reason"], QJsonValue("forbidden"));
        client->chat("lobby", "still here");
        QCOMPARE(client->takeTypes(), QStringList("chat_broadcast"));
        client->send("refresh_token", {{"token", "good"}});
        QCOMPARE(client->takeTypes(), QStringList());
        client->join("attic", "alice");
        QCOMPARE(client->takeTypes(), QStringList("room_state"));
    }
    void refreshCannotChangeWhoAMemberIs()
    {
        auto client = f->connect();
        client->join("lobby", "alice", {{"token", "good"}});
        client->takeEvents();
        client->send("refresh_token", {{"token", "bob's"}});
        QCOMPARE(client->takeOne("auth_error")["reason"], QJsonValue("forbidden"));
        client->send("refresh_token", {{"token", "bad"}});
        QCOMPARE(client->takeOne("auth_error")["reason"], QJsonValue("invalid_token"));
        client->chat("lobby", "still alice");
        QCOMPARE(client->takeOne("chat_broadcast")["userId"], QJsonValue("alice"));
    }
    void otherUsersTokenOnTheSameConnectionLeavesEverythingBehind()
    {
        auto watcher = f->connect(withQuery("token=good"));
        watcher->join("lobby", "alice");
        auto client = f->connect();
        client->join("lobby", nullptr, {{"token", "bob's"}});
        watcher->takeEvents();
        client->takeEvents();
        f->tokens.add("carol's", "carol");
        client->join("lobby", nullptr, {{"token", "carol's"}});
        QCOMPARE(watcher->takeTypes(), QStringList({"member_left", "member_joined"}));
        QCOMPARE(client->takeOne("room_state")["occupancy"], QJsonValue(2));
        QVERIFY(!f->presence.containsUser(RoomId("lobby"), UserId("bob")));
    }
    void tokensThatCannotBeCheckedYetAreLookedAtAgain()
    {
        f->tokens.isUsable = false;
        auto client = f->connect(withQuery("token=good"));
        QCOMPARE(client->takeTypes(), QStringList());
        client->join("lobby", "alice");
        QCOMPARE(client->takeOne("error")["code"], QJsonValue("unavailable"));
        f->tokens.isUsable = true;
        client->join("lobby", "alice");
        QCOMPARE(client->takeTypes(), QStringList("room_state"));
    }

    void guestsAreWhoTheySay()
    {
        f->tokens.authRequired = false;
        auto client = f->connect();
        client->join("lobby", "greta");
        QCOMPARE(client->takeOne("room_state")["members"][0]["userId"], QJsonValue("greta"));
        f->clock.advance(1min);
        client->takeEvents();
        QVERIFY(client->closeCode != 4004);
    }
    void guestsWithoutAnIdGetOneAndKeepIt()
    {
        f->tokens.authRequired = false;
        auto client = f->connect();
        client->join("lobby", nullptr);
        const QString first = client->takeOne("room_state")["members"][0]["userId"].toString();
        QVERIFY(first.startsWith("anon:"));
        QVERIFY(first.size() >= 20);
        client->join("attic", nullptr);
        QCOMPARE(client->takeOne("room_state")["members"][0]["userId"].toString(), first);
        auto other = f->connect();
        other->join("lobby", nullptr);
        QVERIFY(other->takeOne("room_state")["members"][0]["userId"].toString() != first);
    }
    void guestWithABadTokenIsStillTold()
    {
        f->tokens.authRequired = false;
        auto client = f->connect();
        client->join("lobby", "alice", {{"token", "old"}});
        QCOMPARE(client->takeOne("auth_error")["reason"], QJsonValue("token_expired"));
        f->clock.advance(11s);
        client->takeEvents();
        QCOMPARE(client->closeCode, 4004);
    }
    void namesOfTokensWinOverNamesOfClients()
    {
        f->tokens.known["good"].name = "Alice A.";
        auto client = f->connect();
        client->join("lobby", "alice", {{"token", "good"}});
        QCOMPARE(client->takeOne("room_state")["members"][0]["displayName"],
                 QJsonValue("Alice A."));
    }
};

QTEST_GUILESS_MAIN(tst_GatewayAuth)
#include "tst_gatewayauth.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/presencestatusapi.h"

#include "testnode.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Rooms;

namespace {

struct Node : TestNode
{
    PresenceStatusApi api{http, presence, clock, metrics};

    HttpResponse status(const QByteArray &body)
    {
        return call("POST", "/api/presence/status", body);
    }
};

} // namespace

class tst_PresenceStatusApi : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void statusIsInTheOrderAsked()
    {
        Node node;
        node.enter(1, "lobby", "7");
        node.presence.statuses[UserId("away")] = {.user = UserId("away"),
                                                  .isOnline = true,
                                                  .state = MemberState::Away,
                                                  .lastSeenMs = 5000,
                                                  .device = "phone"};
        node.presence.statuses[UserId("gone")] = {.user = UserId("gone"), .lastSeenMs = 4000};
        const HttpResponse response =
            node.status(R"({"userIds":["gone",7,"never","away","gone"]})");
        QCOMPARE(response.status, 200);
        QCOMPARE(TestNode::headerOf(response, "X-Rollcall-Stale"), QByteArray("false"));
        const QJsonObject json = TestNode::jsonOf(response);
        QVERIFY(json["success"].toBool());
        QCOMPARE(qint64(json["timestamp"].toDouble()), node.clock.wallMs());
        QStringList users;
        for (const QJsonValue &user : json["users"].toArray())
            users.append(QString("%1 %2 %3 %4")
                             .arg(user["userId"].toString(), user["status"].toString(),
                                  QString::number(user["lastSeen"].toInt()),
                                  user["deviceId"].toString()));
        QCOMPARE(users,
                 (QStringList{"gone offline 4000 ", "7 online 0 ", "never offline 0 ",
                              "away away 5000 phone", "gone offline 4000 "}));
    }

    void nobodyIsAnAnswerToo()
    {
        Node node;
        const HttpResponse response = node.status(R"({"userIds":[]})");
        QCOMPARE(response.status, 200);
        QCOMPARE(TestNode::jsonOf(response)["users"].toArray().size(), 0);
    }

    void staleIsSaidInHeaders()
    {
        Node node;
        node.presence.fresh = false;
        node.presence.asOf = node.clock.wallMs() - 12500;
        for (const HttpResponse &response : {node.status(R"({"userIds":["a"]})"),
                                             node.call("GET", "/api/presence/page/?url=/a")}) {
            QCOMPARE(TestNode::headerOf(response, "X-Rollcall-Stale"), QByteArray("true"));
            QCOMPARE(TestNode::headerOf(response, "Age"), QByteArray("12"));
        }
    }

    void wrongQuestionsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("body");
        QByteArray many = "{\"userIds\":[\"a\"";
        for (int i = 0; i < 100; ++i)
            many += ",\"a\"";
        QTest::newRow("101") << many + "]}";
        QTest::newRow("no list") << QByteArray(R"({"userIds":"a"})");
        QTest::newRow("nothing") << QByteArray("{}");
        QTest::newRow("no JSON") << QByteArray("[");
        QTest::newRow("empty id") << QByteArray(R"({"userIds":[""]})");
        QTest::newRow("half a number") << QByteArray(R"({"userIds":[1.5]})");
        QTest::newRow("null") << QByteArray(R"({"userIds":[null]})");
        QTest::newRow("long id") << "{\"userIds\":[\"" + QByteArray(129, 'x') + "\"]}";
    }
    void wrongQuestionsAreRefused()
    {
        QFETCH(QByteArray, body);
        Node node;
        const HttpResponse response = node.status(body);
        QCOMPARE(response.status, 400);
        QCOMPARE(TestNode::jsonOf(response)["code"].toString(), QString("bad_request"));
    }

    void pageShowsUsersAndCountsGuests()
    {
        Node node;
        node.enter(1, "/a/b", "7");
        node.enter(2, "/a/b", "anon:x");
        Member away = memberOf("zoe");
        away.state = MemberState::Away;
        away.avatar = "fox";
        node.presence.joinRemote(RoomId("/a/b"), away, RoomKind::Page);
        const QJsonObject page =
            TestNode::jsonOf(node.call("GET", "/api/presence/page/?url=/a/b/%3Fq=1"));
        QCOMPARE(page["url"].toString(), QString("/a/b"));
        QCOMPARE(page["count"].toInt(), 3);
        QCOMPARE(page["anonymous_count"].toInt(), 1);
        const QJsonArray users = page["users"].toArray();
        QCOMPARE(users.size(), 2);
        QVERIFY(users[0]["pk"].isDouble());
        QCOMPARE(users[0]["pk"].toInt(), 7);
        QCOMPARE(users[0]["state"].toString(), QString("online"));
        QCOMPARE(users[1]["pk"].toString(), QString("zoe"));
        QCOMPARE(users[1]["avatar"].toString(), QString("fox"));
        QCOMPARE(users[1]["state"].toString(), QString("away"));
    }

    void emptyPageIsAnAnswerAndNoPathIsNot()
    {
        Node node;
        const QJsonObject page = TestNode::jsonOf(node.call("GET", "/api/presence/page?url=/x"));
        QCOMPARE(page["count"].toInt(-1), 0);
        QCOMPARE(page["users"].toArray().size(), 0);
        QCOMPARE(node.call("GET", "/api/presence/page/?url=x").status, 400);
        QCOMPARE(node.call("GET", "/api/presence/page/").status, 400);
    }

    void whoMayAsk()
    {
        Node node;
        QCOMPARE(node.http.accessOf("POST", "/api/presence/status"), HttpAccess::User);
        QCOMPARE(node.http.accessOf("GET", "/api/presence/page/"), HttpAccess::All);
    }

    void callsAreCounted()
    {
        Node node;
        node.status("{}");
        node.call("GET", "/api/presence/page/?url=/");
        node.call("GET", "/api/presence/page/?url=/");
        const QByteArray text = node.metrics.render();
        QVERIFY2(text.contains("presence_api_requests_total{call=\"status\"} 1"), text);
        QVERIFY(text.contains("presence_api_requests_total{call=\"page\"} 2"));
    }
};

QTEST_GUILESS_MAIN(tst_PresenceStatusApi)
#include "tst_presencestatusapi.moc"

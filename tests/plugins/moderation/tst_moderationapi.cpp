// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/manualclock.h"
#include "plugins/moderation/blockapi.h"
#include "plugins/moderation/moderationconfig.h"
#include "plugins/moderation/moderator.h"
#include "plugins/moderation/sanctionapi.h"
#include "support/fakehttpservice.h"
#include "support/fakepresenceservice.h"

#include <QJsonArray>
#include <QSignalSpy>
#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Moderation;
using namespace std::chrono_literals;

/// The HTTP API of moderation, on one node without Redis.
class tst_ModerationApi : public QObject
{
    Q_OBJECT

    struct Node
    {
        ManualClock clock;
        Metrics metrics;
        ModerationConfig config{.maxBlocked = 2};
        FakePresenceService presence;
        FakeHttpService http;
        Moderator moderator{config, presence, nullptr, clock, metrics, NodeId("n.1")};
        BlockApi blocks{http, moderator};
        SanctionApi sanctions{http, moderator};

        HttpResponse call(const char *method, const char *target, const QJsonObject &body = {},
                          const char *caller = nullptr)
        {
            HttpRequest request;
            request.body = QJsonDocument(body).toJson();
            if (caller) {
                request.caller = TokenClaims();
                request.caller->subject = UserId(caller);
            }
            const auto answer = http.call(method, target, request);
            return answer->value_or(HttpResponse{0, {}, {}, {}});
        }
        QJsonObject json(const char *target, const char *caller = nullptr)
        {
            return QJsonDocument::fromJson(call("GET", target, {}, caller).body).object();
        }
    };
    const RoomId m_lobby{"lobby"};

private Q_SLOTS:
    void routesAreForThoseTheyAreFor()
    {
        Node n;
        QCOMPARE(n.http.accessOf("POST", "/moderation/block"), HttpAccess::User);
        QCOMPARE(n.http.accessOf("DELETE", "/moderation/block/{id}"), HttpAccess::User);
        for (const char *name : {"kick", "ban", "mute"}) {
            QCOMPARE(n.http.accessOf("POST", QByteArray("/api/admin/rooms/{id}/") + name),
                     HttpAccess::Operator);
        }
        QCOMPARE(n.http.accessOf("DELETE", "/api/admin/rooms/{id}/ban/{user}"),
                 HttpAccess::Operator);
        QCOMPARE(n.http.accessOf("GET", "/api/admin/rooms/{id}/moderation"), HttpAccess::Operator);
    }
    void callerBlocksAndUnblocks()
    {
        Node n;
        n.moderator.watchBlocks(UserId("alice"), &n.http, [] {});
        QSignalSpy changed(&n.moderator, &ModerationService::blocksChanged);
        const QJsonObject mallory{{"blockedUserId", "mallory"}};
        QCOMPARE(n.call("POST", "/moderation/block", mallory, "alice").status, 200);
        QVERIFY(n.moderator.blockedBy(UserId("alice")).contains(UserId("mallory")));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(n.call("POST", "/moderation/block", mallory, "alice").status, 200);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(n.json("/moderation/blocks", "alice")["blockedUserIds"],
                 QJsonValue(QJsonArray({"mallory"})));
        QCOMPARE(n.call("DELETE", "/moderation/block/mallory", {}, "alice").status, 200);
        QVERIFY(n.moderator.blockedBy(UserId("alice")).isEmpty());
        QCOMPARE(changed.size(), 2);
    }
    void tokenDecidesWhoseListItIs()
    {
        Node n;
        const QJsonObject body{{"blockedUserId", 7}, {"user", QJsonObject{{"userId", "bob"}}}};
        QCOMPARE(n.call("POST", "/moderation/block", body, "alice").status, 200);
        QVERIFY(n.moderator.blockedBy(UserId("alice")).contains(UserId("7")));
        QVERIFY(n.moderator.blockedBy(UserId("bob")).isEmpty());
        QCOMPARE(n.call("POST", "/moderation/block", body).status, 200); // a guest
        QVERIFY(n.moderator.blockedBy(UserId("bob")).contains(UserId("7")));
        QCOMPARE(n.call("DELETE", "/moderation/block/7?userId=bob").status, 200);
        QVERIFY(n.moderator.blockedBy(UserId("bob")).isEmpty());
    }
    void nonsenseIsRefused_data()
    {
        QTest::addColumn<QJsonObject>("body");
        QTest::addColumn<int>("status");
        QTest::newRow("nobody to block") << QJsonObject() << 400;
        QTest::newRow("yourself") << QJsonObject{{"blockedUserId", "alice"}} << 400;
        QTest::newRow("no id") << QJsonObject{{"blockedUserId", "a\nb"}} << 400;
        QTest::newRow("fraction") << QJsonObject{{"blockedUserId", 1.5}} << 400;
        QTest::newRow("list") << QJsonObject{{"blockedUserId", QJsonArray()}} << 400;
    }
    void nonsenseIsRefused()
    {
        QFETCH(QJsonObject, body);
        QFETCH(int, status);
        Node n;
        QCOMPARE(n.call("POST", "/moderation/block", body, "alice").status, status);
        QCOMPARE(n.call("POST", "/moderation/block", {{"blockedUserId", "bob"}}).status, 401);
    }
    void listHasItsLimit()
    {
        Node n;
        for (const char *user : {"a", "b"})
            QCOMPARE(n.call("POST", "/moderation/block", {{"blockedUserId", user}}, "alice").status,
                     200);
        QCOMPARE(n.call("POST", "/moderation/block", {{"blockedUserId", "c"}}, "alice").status,
                 409);
        QCOMPARE(n.call("POST", "/moderation/block", {{"blockedUserId", "a"}}, "alice").status,
                 200);
    }
    void banLastsAsLongAsItSays()
    {
        Node n;
        QSignalSpy banned(&n.moderator, &ModerationService::userBanned);
        QCOMPARE(n.call("POST", "/api/admin/rooms/lobby/ban",
                        {{"userId", "eve"}, {"durationMs", 60'000}, {"reason", "spam"}})
                     .status,
                 204);
        QCOMPARE(banned.size(), 1);
        QCOMPARE(banned[0][2].toByteArray(), "spam");
        QVERIFY(n.moderator.isBanned(m_lobby, UserId("eve")));
        QVERIFY(!n.moderator.isBanned(RoomId("attic"), UserId("eve")));
        const QJsonObject list = n.json("/api/admin/rooms/lobby/moderation");
        QCOMPARE(list["bans"][0]["userId"], QJsonValue("eve"));
        QCOMPARE(list["bans"][0]["untilMs"].toInteger(), n.clock.wallMs() + 60'000);
        n.clock.advance(59'999ms);
        QVERIFY(n.moderator.isBanned(m_lobby, UserId("eve")));
        n.clock.advance(1ms);
        QVERIFY(!n.moderator.isBanned(m_lobby, UserId("eve")));
        QCOMPARE(n.json("/api/admin/rooms/lobby/moderation")["bans"].toArray().size(), 0);
    }
    void starIsEverywhereAndForEverUntilLifted()
    {
        Node n;
        QCOMPARE(n.call("POST", "/api/admin/rooms/*/mute", {{"userId", "eve"}}).status, 204);
        n.clock.advance(std::chrono::hours(24 * 3650));
        QVERIFY(n.moderator.isMuted(m_lobby, UserId("eve")));
        QVERIFY(!n.moderator.isMuted(m_lobby, UserId("bob")));
        QCOMPARE(n.call("DELETE", "/api/admin/rooms/*/mute/eve").status, 204);
        QVERIFY(!n.moderator.isMuted(m_lobby, UserId("eve")));
    }
    void membersInGraceAreSentAwayToo()
    {
        Node n;
        n.presence.joinRemote(m_lobby, Member{UserId("eve"), "Eve", {}, {}, {}, 0});
        n.presence.joinRemote(RoomId("attic"), Member{UserId("eve"), "Eve", {}, {}, {}, 0});
        QCOMPARE(n.call("POST", "/api/admin/rooms/lobby/kick", {{"userId", "eve"}}).status, 204);
        QVERIFY(!n.presence.containsUser(m_lobby, UserId("eve")));
        QVERIFY(n.presence.containsUser(RoomId("attic"), UserId("eve")));
        QCOMPARE(n.call("POST", "/api/admin/rooms/*/ban", {{"userId", "eve"}}).status, 204);
        QVERIFY(!n.presence.containsUser(RoomId("attic"), UserId("eve")));
    }
    void wrongSanctionsAreRefused_data()
    {
        QTest::addColumn<QJsonObject>("body");
        QTest::newRow("nobody") << QJsonObject();
        QTest::newRow("zero") << QJsonObject{{"userId", "eve"}, {"durationMs", 0}};
        QTest::newRow("text") << QJsonObject{{"userId", "eve"}, {"durationMs", "1h"}};
        QTest::newRow("too long") << QJsonObject{{"userId", "eve"}, {"durationMs", 1e15}};
        QTest::newRow("sermon") << QJsonObject{{"userId", "eve"}, {"reason", QString(201, 'x')}};
    }
    void wrongSanctionsAreRefused()
    {
        QFETCH(QJsonObject, body);
        Node n;
        QCOMPARE(n.call("POST", "/api/admin/rooms/lobby/ban", body).status, 400);
        QVERIFY(!n.moderator.isBanned(m_lobby, UserId("eve")));
    }
};

QTEST_GUILESS_MAIN(tst_ModerationApi)
#include "tst_moderationapi.moc"

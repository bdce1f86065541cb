// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/clock.h"
#include "core/redis/redisclient.h"
#include "core/redis/redishub.h"
#include "plugins/moderation/moderationconfig.h"
#include "plugins/moderation/moderator.h"
#include "support/fakepresenceservice.h"
#include "support/testredis.h"

#include <QSignalSpy>
#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Moderation;
using namespace std::chrono_literals;

namespace {

RedisConfig configFor(const TestRedis &redis)
{
    RedisConfig config;
    config.isEmbedded = false;
    config.options = redis.options();
    return config;
}

/// One node's moderation on a Redis.
struct Node
{
    Node(const TestRedis &redis, const char *name)
        : hub(configFor(redis), clock, metrics, name)
    {
        if (!hub.start())
            qFatal("the hub does not start");
        owned = std::make_unique<Moderator>(config, presence, &hub, clock, metrics, NodeId(name));
        owned->start();
    }
    Moderator &moderator() { return *owned; }

    SystemClock clock;
    Metrics metrics;
    ModerationConfig config{.maxBlocked = 3};
    FakePresenceService presence;
    RedisHub hub;
    std::unique_ptr<Moderator> owned;
};

} // namespace

/// Moderation of two nodes on one Redis.
class tst_Moderator : public QObject
{
    Q_OBJECT

    const RoomId m_lobby{"lobby"};
    const UserId m_eve{"eve"};

    static bool areUp(const Node &a, const Node &b) { return a.hub.isUp() && b.hub.isUp(); }
    static bool succeeded(const std::optional<Result<void>> &result)
    {
        return result && result->hasValue();
    }

private Q_SLOTS:
    void decisionsOfOneNodeHoldOnTheOther()
    {
        TestRedis redis;
        Node first(redis, "a.1");
        Node second(redis, "b.1");
        QTRY_VERIFY(areUp(first, second));
        QSignalSpy banned(&second.moderator(), &ModerationService::userBanned);
        QSignalSpy kicked(&second.moderator(), &ModerationService::userKicked);
        std::optional<Result<void>> result;
        first.moderator().ban({.room = m_lobby, .user = m_eve, .duration = 1h, .reason = "spam"},
                              this, [&](const Result<void> &done) { result = done; });
        QVERIFY(first.moderator().isBanned(m_lobby, m_eve));
        QTRY_VERIFY(succeeded(result));
        QTRY_VERIFY(second.moderator().isBanned(m_lobby, m_eve));
        QCOMPARE(banned.size(), 1);
        QCOMPARE(banned[0][2].toByteArray(), "spam");
        QVERIFY(redis.command({"ZSCORE", "bans:lobby", "eve"}).text.toLongLong()
                > first.clock.wallMs() + 3'500'000);

        first.moderator().mute({.room = RoomId("*"), .user = m_eve}, this, {});
        QTRY_VERIFY(second.moderator().isMuted(m_lobby, m_eve));
        first.moderator().kick({.room = m_lobby, .user = m_eve}, this, {});
        QTRY_COMPARE(kicked.size(), 1);
        second.moderator().ban({.room = m_lobby, .user = m_eve, .duration = 0ms}, this, {});
        QTRY_VERIFY(!first.moderator().isBanned(m_lobby, m_eve));
        QCOMPARE(banned.size(), 1); // lifting is no ban
        QTRY_COMPARE(redis.command({"EXISTS", "bans:lobby"}).integer, 0);
    }
    void nodeThatStartsLaterKnowsWhatIsKept()
    {
        TestRedis redis;
        Node first(redis, "a.1");
        QTRY_VERIFY(first.hub.isUp());
        std::optional<Result<void>> result;
        first.moderator().ban({.room = RoomId("a:b{c}"), .user = m_eve}, this,
                              [&](const Result<void> &done) { result = done; });
        QTRY_VERIFY(succeeded(result));
        redis.command({"ZADD", "bans:lobby", "1", "eve"}); // over since 1970
        redis.command({"SADD", "moderation:rooms", "bans:lobby"});
        Node second(redis, "b.1");
        QTRY_VERIFY(second.moderator().isBanned(RoomId("a:b{c}"), m_eve));
        QVERIFY(!second.moderator().isBanned(m_lobby, m_eve));
    }
    void whatWasDecidedDuringAnOutageIsLearntAfterIt()
    {
        TestRedis redis;
        Node node(redis, "a.1");
        QTRY_VERIFY(node.hub.isUp());
        node.moderator().ban({.room = m_lobby, .user = UserId("old")}, this, {});
        bool isKnown = false;
        node.moderator().watchBlocks(UserId("alice"), this, [&] { isKnown = true; });
        QTRY_VERIFY(isKnown);
        QSignalSpy banned(&node.moderator(), &ModerationService::userBanned);
        QSignalSpy blocks(&node.moderator(), &ModerationService::blocksChanged);
        redis.kill();
        QTRY_VERIFY(!node.hub.isUp());
        std::optional<Result<void>> refused;
        node.moderator().ban({.room = m_lobby, .user = UserId("new")}, this,
                             [&](const Result<void> &done) { refused = done; });
        QVERIFY(refused && !*refused);
        QCOMPARE(refused->error().code, ErrorCode::Unavailable);
        QVERIFY(!node.moderator().isBanned(m_lobby, UserId("new")));
        QVERIFY(node.moderator().isBanned(m_lobby, UserId("old"))); // still
        redis.restart(TestRedis::Data::Lost);
        redis.command({"ZADD", "bans:lobby", "9000000000000", "eve"});
        redis.command({"SADD", "moderation:rooms", "bans:lobby"});
        redis.command({"SADD", "blocks:alice", "mallory"});
        // Whether the node was back before these or not: the next connection shows them.
        node.hub.client()->reconnect("a test");
        QTRY_VERIFY(node.moderator().isBanned(m_lobby, m_eve));
        QTRY_VERIFY(!node.moderator().isBanned(m_lobby, UserId("old")));
        QTRY_COMPARE(banned.size(), 1);
        QTRY_COMPARE(blocks.size(), 1);
        QVERIFY(node.moderator().blockedBy(UserId("alice")).contains(UserId("mallory")));
    }
    void blocklistsAreSharedLive()
    {
        TestRedis redis;
        redis.command({"SADD", "blocks:alice", "old"});
        Node first(redis, "a.1");
        Node second(redis, "b.1");
        QTRY_VERIFY(areUp(first, second));
        const UserId alice("alice");
        int known = 0;
        second.moderator().watchBlocks(alice, this, [&] { ++known; });
        second.moderator().watchBlocks(alice, this, [&] { ++known; });
        QTRY_COMPARE(known, 2);
        QVERIFY(second.moderator().blockedBy(alice).contains(UserId("old")));
        QSignalSpy changed(&second.moderator(), &ModerationService::blocksChanged);
        first.moderator().setBlocked(alice, UserId("mallory"), true, this, {});
        QTRY_VERIFY(second.moderator().blockedBy(alice).contains(UserId("mallory")));
        first.moderator().setBlocked(alice, UserId("old"), false, this, {});
        QTRY_COMPARE(second.moderator().blockedBy(alice), QSet<UserId>{UserId("mallory")});
        QTRY_COMPARE(changed.size(), 2);
        second.moderator().unwatchBlocks(alice);
        QVERIFY(!second.moderator().blockedBy(alice).isEmpty());
        second.moderator().unwatchBlocks(alice);
        QVERIFY(second.moderator().blockedBy(alice).isEmpty());
        QTRY_COMPARE(redis.command({"SMEMBERS", "blocks:alice"}).elements.size(), size_t(1));
    }
    void blocklistHasItsLimitInRedis()
    {
        TestRedis redis;
        redis.command({"SADD", "blocks:alice", "a", "b", "c"});
        Node node(redis, "a.1");
        QTRY_VERIFY(node.hub.isUp());
        std::optional<Result<void>> result;
        node.moderator().setBlocked(UserId("alice"), UserId("d"), true, this,
                                    [&](const Result<void> &done) { result = done; });
        QTRY_VERIFY(result);
        QVERIFY(!*result);
        QCOMPARE(result->error().code, ErrorCode::Conflict);
        QCOMPARE(redis.command({"SCARD", "blocks:alice"}).integer, 3);
    }
    void nonsenseOnTheChannelIsIgnored()
    {
        TestRedis redis;
        Node node(redis, "a.1");
        QTRY_VERIFY(node.hub.isUp());
        QTRY_VERIFY(redis.command({"PUBLISH", "moderation:events", "garbage"}).integer == 1);
        for (const char *message :
             {"[]", "{\"type\":\"ban\"}", "{\"type\":\"ban\",\"userId\":\"eve\"}",
              "{\"type\":\"hug\",\"userId\":\"eve\",\"roomId\":\"lobby\"}",
              "{\"type\":\"block\",\"userId\":\"eve\",\"blockedUserId\":7}"})
            redis.command({"PUBLISH", "moderation:events", message});
        redis.command({"PUBLISH", "moderation:events",
                       "{\"type\":\"mute\",\"userId\":\"eve\",\"roomId\":\"lobby\","
                       "\"untilMs\":9000000000000}"});
        QTRY_VERIFY(node.moderator().isMuted(m_lobby, m_eve));
        QVERIFY(!node.moderator().isBanned(m_lobby, m_eve));
    }
};

QTEST_GUILESS_MAIN(tst_Moderator)
#include "tst_moderator.moc"

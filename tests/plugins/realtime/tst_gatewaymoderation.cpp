// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/roomsencoder.h"
#include "roomwatcher.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Realtime;
using namespace std::chrono_literals;

/// Bans, mutes, kicks and blocklists, as the connections of a node feel them.
class tst_GatewayModeration : public QObject
{
    Q_OBJECT

    std::unique_ptr<GatewayFixture> f;
    const RoomId m_lobby{"lobby"};
    const RoomId m_everywhere{"*"};

    static Sanction sanction(const RoomId &room, const char *user, const char *reason = "")
    {
        return {.room = room, .user = UserId(user), .reason = reason};
    }
    void receive(const ServerEvent &event)
    {
        QByteArray payload;
        appendRoomsFrame(payload, event, 1);
        Q_EMIT f->presence.relayReceived(m_lobby, NodeId("other.1"), payload);
    }
    static QStringList usersOf(const QJsonObject &state)
    {
        QStringList users;
        for (const QJsonValue &member : state["members"].toArray())
            users.append(member["userId"].toString());
        return users;
    }
    void everythingFrom(FakeClient &client)
    {
        client.chat("lobby", "hi");
        const int seq = ++m_seq;
        client.move("lobby", seq, seq);
        client.send("emote", {{"roomId", "lobby"}, {"emoteId", "wave"}});
        client.send("away", {{"roomId", "lobby"}});
    }
    int m_seq = 0;

private Q_SLOTS:
    void init()
    {
        f = std::make_unique<GatewayFixture>();
        f->config.pingInterval = 0s;
        f->start();
        m_seq = 0;
    }
    void cleanup() { f.reset(); }

    void nothingOfABlockedUserReachesTheBlocker()
    {
        f->moderation.block("alice", "mallory");
        auto mallory = f->joined("lobby", "mallory");
        auto alice = f->connect();
        alice->join("lobby", "alice");
        const QJsonObject state = alice->takeOne("room_state");
        QCOMPARE(usersOf(state), QStringList("alice"));
        QCOMPARE(state["occupancy"], QJsonValue(2)); // a seat is a seat
        auto bob = f->joined("lobby", "bob");
        alice->takeEvents();
        mallory->takeEvents();

        everythingFrom(*mallory);
        QCOMPARE(alice->takeTypes(), QStringList());
        QCOMPARE(bob->takeTypes(),
                 QStringList({"chat_broadcast", "avatar_transform_broadcast", "emote_broadcast",
                              "member_updated"}));
        mallory->send("leave_room", {{"roomId", "lobby"}});
        mallory->join("lobby", "mallory");
        QCOMPARE(alice->takeTypes(), QStringList());
        QCOMPARE(bob->takeTypes(), QStringList({"member_left", "member_joined"}));
        // It is not mutual.
        mallory->takeEvents();
        alice->chat("lobby", "hello");
        QCOMPARE(mallory->takeTypes(), QStringList("chat_broadcast"));
    }
    void blockedUserOfAnotherNodeIsHiddenToo()
    {
        f->moderation.block("alice", "rita");
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        alice->takeEvents();
        f->presence.joinRemote(m_lobby, Member{UserId("rita"), "Rita", {}, {}, {}, 0});
        receive(TransformEvent{"rita", Transform{.seq = 1, .x = 3}});
        receive(ChatEvent{"lobby", "rita", "hi", "m"});
        receive(EmoteEvent{"lobby", "rita", "wave"});
        f->presence.removeRemote(m_lobby, UserId("rita"));
        QCOMPARE(alice->takeTypes(), QStringList());
        QCOMPARE(bob->takeTypes().size(), 5);
    }
    void changedBlocklistTakesEffectAtOnce()
    {
        auto alice = f->joined("lobby", "alice");
        auto second = f->joined("lobby", "alice"); // on another device
        auto mallory = f->joined("lobby", "mallory");
        alice->takeEvents();
        second->takeEvents();
        f->moderation.block("alice", "mallory");
        for (FakeClient *client : {alice.get(), second.get()}) {
            QCOMPARE(usersOf(client->takeOne("room_state")), QStringList("alice"));
            mallory->chat("lobby", "hi");
            QCOMPARE(client->takeTypes(), QStringList());
        }
        f->moderation.block("alice", "mallory", false);
        QCOMPARE(usersOf(alice->takeOne("room_state")), QStringList({"alice", "mallory"}));
        mallory->chat("lobby", "hi");
        QCOMPARE(alice->takeTypes(), QStringList("chat_broadcast"));
    }
    void batchesAndDeltasLeaveTheBlockedOut()
    {
        f->config.fullPresenceMembers = 0;
        f->start();
        f->moderation.block("alice", "mallory");
        auto alice = f->joined("lobby", "alice", {{"batch", true}});
        auto bob = f->joined("lobby", "bob");
        auto mallory = f->joined("lobby", "mallory");
        f->clock.advance(2s);
        const QJsonObject delta = alice->takeOne("presence_delta");
        QCOMPARE(delta["joined"].toArray().size(), 1);
        QCOMPARE(delta["joined"][0]["userId"], QJsonValue("bob"));
        QCOMPARE(bob->takeOne("presence_delta")["joined"].toArray().size(), 2);
        alice->move("lobby", 1, 1);
        mallory->move("lobby", 1, 2);
        f->clock.advance(50ms);
        QCOMPARE(alice->takeTypes(), QStringList());
        mallory->move("lobby", 2, 2);
        alice->move("lobby", 2, 1);
        bob->move("lobby", 1, 3);
        f->clock.advance(50ms);
        const QJsonArray moved = alice->takeOne("avatar_transforms")["transforms"].toArray();
        QCOMPARE(moved.size(), 1);
        QCOMPARE(moved[0]["userId"], QJsonValue("bob"));
        bob->takeEvents();
        mallory->send("leave_room", {{"roomId", "lobby"}});
        f->clock.advance(2s);
        QCOMPARE(bob->takeTypes(), QStringList("presence_delta"));
        const QJsonObject empty = alice->takeOne("presence_delta");
        QCOMPARE(empty["left"].toArray().size(), 0);
        QCOMPARE(empty["occupancy"], QJsonValue(2));
    }
    void movementHeldBackBeforeABlockIsNotShownAfterIt()
    {
        f->config.movementMark = 1;
        f->start();
        auto alice = f->joined("lobby", "alice");
        auto mallory = f->joined("lobby", "mallory");
        alice->takeEvents();
        alice->peer.stall();
        mallory->chat("lobby", "fills the buffer");
        endTurn();
        mallory->move("lobby", 1, 1); // held back
        f->moderation.block("alice", "mallory");
        alice->peer.accept();
        QVERIFY(!alice->takeTypes().contains("avatar_transform_broadcast"));
    }
    void joinWaitsForTheBlocklist()
    {
        f->moderation.holdsWatches = true;
        f->moderation.block("alice", "bob");
        f->presence.joinRemote(m_lobby, Member{UserId("bob"), "Bob", {}, {}, {}, 0});
        auto alice = f->connect();
        alice->join("lobby", "alice");
        QCOMPARE(alice->takeTypes(), QStringList());
        f->moderation.finishWatches();
        QCOMPARE(usersOf(alice->takeOne("room_state")), QStringList("alice"));
        alice->join("lobby", "alice"); // known by now
        QCOMPARE(alice->takeTypes(), QStringList("room_state"));
        QCOMPARE(f->moderation.watchers[UserId("alice")], 1);
        alice->close(1000);
        QVERIFY(f->moderation.watchers.empty());
    }
    void connectionThatEndsWhileItsBlocklistIsReadIsLeftAlone()
    {
        f->moderation.holdsWatches = true;
        auto alice = f->connect();
        alice->join("lobby", "alice");
        alice->close(1000);
        f->moderation.finishWatches();
        QVERIFY(!alice->takeTypes().contains("room_state"));
        QVERIFY(f->moderation.watchers.empty());
    }

    void bannedUserIsToldWhyAndClosed()
    {
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        auto carol = f->joined("attic", "alice");
        bob->takeEvents();
        f->moderation.ban(sanction(m_lobby, "alice", "spam"), nullptr, {});
        const QList<QJsonObject> events = alice->takeEvents();
        QCOMPARE(events.last()["t"], QJsonValue("moderation_action"));
        QCOMPARE(events.last()["payload"].toObject(),
                 QJsonObject({{"type", "banned"}, {"reason", "spam"}, {"roomId", "lobby"}}));
        QCOMPARE(alice->closeCode, 4501);
        QCOMPARE(bob->takeOne("member_left")["reason"], QJsonValue("kicked"));
        carol->takeEvents();
        QCOMPARE(carol->closeCode, 0); // in another room

        auto again = f->connect();
        again->join("lobby", "alice");
        QCOMPARE(again->takeOne("error")["code"], QJsonValue("blocked"));
        f->moderation.ban({.room = m_lobby, .user = UserId("alice"), .duration = 0ms}, nullptr, {});
        f->clock.advance(1s);
        again->join("lobby", "alice");
        QCOMPARE(again->takeTypes(), QStringList("room_state"));
    }
    void banFromEverywhereEndsEveryConnection()
    {
        auto alice = f->joined("lobby", "alice");
        auto second = f->joined("attic", "alice");
        f->moderation.ban(sanction(m_everywhere, "alice"), nullptr, {});
        for (FakeClient *client : {alice.get(), second.get()}) {
            client->takeEvents();
            QCOMPARE(client->closeCode, 4501);
        }
        auto again = f->connect();
        again->join("attic", "alice");
        QCOMPARE(again->takeOne("error")["code"], QJsonValue("blocked"));
    }
    void kickedUserMayComeBack()
    {
        auto alice = f->joined("lobby", "alice");
        f->moderation.kick(sanction(m_lobby, "alice", "calm down"), nullptr, {});
        QCOMPARE(alice->takeOne("moderation_action")["type"], QJsonValue("kicked"));
        QCOMPARE(alice->closeCode, 4500);
        auto again = f->connect();
        again->join("lobby", "alice");
        QCOMPARE(again->takeTypes(), QStringList("room_state"));
    }
    void kickOutOfOneOfSeveralRoomsLeavesTheOthers()
    {
        f->config.maxRoomsPerConnection = 2;
        f->start();
        auto alice = f->joined("lobby", "alice");
        alice->join("attic", "alice");
        alice->takeEvents();
        f->moderation.kick(sanction(m_lobby, "alice"), nullptr, {});
        QCOMPARE(alice->takeOne("moderation_action")["roomId"], QJsonValue("lobby"));
        QCOMPARE(alice->closeCode, 0);
        QVERIFY(!f->presence.containsUser(m_lobby, UserId("alice")));
        QVERIFY(f->presence.containsUser(RoomId("attic"), UserId("alice")));
    }
    void evictionOfABannedUserByAnotherNodeSaysBanned()
    {
        auto alice = f->joined("lobby", "alice");
        f->moderation.blockSignals(true); // its news has not come yet
        f->moderation.ban(sanction(m_lobby, "alice"), nullptr, {});
        f->moderation.blockSignals(false);
        f->presence.evict(m_lobby, UserId("alice"), LeaveReason::Kicked);
        const QJsonValue payload = alice->takeEvents().last()["payload"];
        QCOMPARE(payload["type"], QJsonValue("banned"));
        QCOMPARE(alice->closeCode, 4501);
    }
    void mutedUserIsToldAndNotHeard()
    {
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        alice->takeEvents();
        f->moderation.mute(sanction(m_lobby, "alice", "too loud"), nullptr, {});
        QCOMPARE(alice->takeOne("moderation_action")["reason"], QJsonValue("too loud"));
        alice->chat("lobby", "hi");
        QCOMPARE(alice->takeOne("moderation_action")["type"], QJsonValue("mutedByMod"));
        alice->move("lobby", 1, 1); // only chat is refused
        QCOMPARE(bob->takeTypes(), QStringList("avatar_transform_broadcast"));
        QCOMPARE(f->metric("realtime_dropped_total{reason=\"muted\"}"), 1.0);
        f->moderation.mute({.room = m_lobby, .user = UserId("alice"), .duration = 0ms}, nullptr,
                           {});
        alice->chat("lobby", "hi");
        QCOMPARE(alice->takeTypes(), QStringList("chat_broadcast"));
    }
    void roomsWithoutBlockersAreSentOneEncoding()
    {
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        auto carol = f->joined("lobby", "carol");
        const double before = f->metric("realtime_frames_encoded_total");
        f->moderation.block("alice", "nobody-here");
        f->moderation.block("alice", "nobody-here", false);
        const double shown = f->metric("realtime_frames_encoded_total");
        QVERIFY(shown > before);
        carol->chat("lobby", "hi");
        QCOMPARE(f->metric("realtime_frames_encoded_total") - shown, 1.0);
    }
};

QTEST_GUILESS_MAIN(tst_GatewayModeration)
#include "tst_gatewaymoderation.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/roomsencoder.h"
#include "gatewayfixture.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Realtime;
using namespace std::chrono_literals;

namespace {

/// Answers when it is told to.
struct FakeTransformStore final : TransformStore
{
    struct State
    {
        QStringList noted;
        QStringList forgotten;
        std::function<void(const Places &)> pending;
    };
    explicit FakeTransformStore(State &shared)
        : state(shared)
    { }
    State &state;

    void noteMoved(const RoomId &room, const UserId &user, const Transform &) override
    {
        state.noted += room.value() + '/' + user.value();
    }
    void forget(const RoomId &room, const UserId &user) override
    {
        state.forgotten += room.value() + '/' + user.value();
    }
    void forgetRoom(const RoomId &room) override { state.forgotten += room.value(); }
    void read(const RoomId &, QObject *, std::function<void(const Places &)> done) override
    {
        state.pending = std::move(done);
    }
};

} // namespace

/// A room that other nodes hold members of.
class tst_GatewayNodes : public QObject
{
    Q_OBJECT

    std::unique_ptr<GatewayFixture> f;
    FakeTransformStore::State m_store;
    const RoomId m_lobby{"lobby"};

    static QByteArray frame(const ServerEvent &event)
    {
        QByteArray out;
        appendRoomsFrame(out, event, 1);
        return out;
    }
    void receive(const QByteArray &payload)
    {
        Q_EMIT f->presence.relayReceived(m_lobby, NodeId("other.1"), payload);
    }

private Q_SLOTS:
    void init()
    {
        m_store = {};
        f = std::make_unique<GatewayFixture>();
    }
    void cleanup() { f.reset(); }

    void nothingIsRelayedForARoomOfOneNode()
    {
        f->start();
        auto alice = f->joined("lobby", "alice");
        alice->chat("lobby", "hi");
        alice->move("lobby", 1, 1);
        QVERIFY(f->presence.relayed.empty());
        QCOMPARE(f->metric("realtime_relayed_total"), 0.0);
    }
    void whatHappensHereIsRelayedAndReadsBackThere()
    {
        f->start();
        auto alice = f->joined("lobby", "alice");
        f->presence.joinRemote(m_lobby, Member{UserId("rita"), "Rita", {}, {}, {}, 0});
        alice->takeEvents();
        alice->chat("lobby", "hi");
        const QJsonObject own = alice->takeOne("chat_broadcast");
        alice->move("lobby", 1, 7.5);
        alice->send("emote", {{"roomId", "lobby"}, {"emoteId", "wave"}});
        alice->takeEvents();
        f->gateway->sendToRoom(m_lobby, "mine", "{\"a\":1}");
        alice->takeEvents();
        QCOMPARE(f->presence.relayed.size(), size_t(4));

        // The same bytes, at another node's gateway.
        GatewayFixture other;
        other.start();
        auto rita = other.joined("lobby", "rita");
        for (const FakePresenceService::Relayed &relayed : f->presence.relayed)
            Q_EMIT other.presence.relayReceived(relayed.room, NodeId("node.1"), relayed.payload);
        const QList<QJsonObject> events = rita->takeEvents();
        QCOMPARE(events.size(), 4);
        QCOMPARE(events[0]["payload"].toObject(), own);
        QCOMPARE(events[1]["t"], QJsonValue("avatar_transform_broadcast"));
        QCOMPARE(events[1]["payload"]["x"], QJsonValue(7.5));
        QCOMPARE(events[2]["t"], QJsonValue("emote_broadcast"));
        QCOMPARE(events[3]["t"], QJsonValue("mine"));
        QVERIFY(other.presence.relayed.empty());
    }
    void relayedMovementIsKnownToWhoJoinsLater()
    {
        f->start();
        auto alice = f->joined("lobby", "alice");
        f->presence.joinRemote(m_lobby, Member{UserId("rita"), "Rita", {}, {}, {}, 0});
        receive(frame(TransformEvent{"rita", Transform{.seq = 1, .x = 3}}));
        auto bob = f->connect();
        bob->join("lobby", "bob");
        for (const QJsonValue &member : bob->takeOne("room_state")["members"].toArray())
            QCOMPARE(member["x"], QJsonValue(member["userId"] == QJsonValue("rita") ? 3 : 0));
    }
    void nonsenseFromAnotherNodeIsCountedAndDropped()
    {
        f->start();
        auto alice = f->joined("lobby", "alice");
        receive("garbage");
        receive("{\"t\":\"chat_broadcast\",\"payload\":{\"userId\":5}}");
        QCOMPARE(alice->takeTypes(), QStringList());
        QCOMPARE(f->metric("realtime_relay_refused_total"), 2.0);
    }
    void firstMemberHereLearnsWhereTheOthersAre()
    {
        f->start(std::make_unique<FakeTransformStore>(m_store));
        f->presence.joinRemote(m_lobby, Member{UserId("rita"), "Rita", {}, {}, {}, 0});
        auto alice = f->connect();
        alice->join("lobby", "alice");
        QCOMPARE(alice->takeTypes(), QStringList());
        QVERIFY(m_store.pending);
        f->presence.joinRemote(m_lobby, Member{UserId("rosa"), "Rosa", {}, {}, {}, 0}); // meanwhile
        m_store.pending({{UserId("rita"), Transform{.x = 9}}});
        const QJsonArray members = alice->takeOne("room_state")["members"].toArray();
        QCOMPARE(members.size(), 3);
        for (const QJsonValue &member : members)
            QCOMPARE(member["x"], QJsonValue(member["userId"] == QJsonValue("rita") ? 9 : 0));
    }
    void connectionThatLeftWhilePlacesWereReadIsLeftAlone()
    {
        f->start(std::make_unique<FakeTransformStore>(m_store));
        f->presence.joinRemote(m_lobby, Member{UserId("rita"), "Rita", {}, {}, {}, 0});
        auto alice = f->connect();
        alice->join("lobby", "alice");
        alice->send("leave_room", {{"roomId", "lobby"}});
        m_store.pending({});
        QCOMPARE(alice->takeTypes(), QStringList());
    }
    void ownMovementIsKeptForTheOthersUntilTheMemberLeaves()
    {
        f->start(std::make_unique<FakeTransformStore>(m_store));
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        alice->move("lobby", 1, 1);
        QCOMPARE(m_store.noted, QStringList("lobby/alice"));
        alice->send("leave_room", {{"roomId", "lobby"}});
        QCOMPARE(m_store.forgotten, QStringList("lobby/alice"));
        bob->close(1000);
        QVERIFY(m_store.forgotten.contains("lobby"));
    }
    void newerConnectionOfADeviceReplacesTheOneOnAnotherNode()
    {
        f->start();
        auto older = f->joined("lobby", "alice", {{"deviceId", "laptop"}});
        auto phone = f->joined("lobby", "alice", {{"deviceId", "phone"}});
        auto bob = f->joined("lobby", "bob", {{"deviceId", "laptop"}});
        f->clock.advance(10s);
        GatewayFixture other;
        other.clock.stepWall(-60s); // its clock is behind
        other.start();
        other.presence.joinRemote(m_lobby, Member{UserId("alice"), "Alice", {}, {}, {}, 0});
        auto newer = other.joined("lobby", "alice", {{"deviceId", "laptop"}});
        QCOMPARE(other.presence.relayed.size(), size_t(1));
        bob->takeEvents();
        receive(other.presence.relayed[0].payload);
        for (FakeClient *client : {older.get(), phone.get(), bob.get(), newer.get()})
            client->takeEvents();
        QCOMPARE(older->closeCode, 4005);
        QCOMPARE(phone->closeCode, 0);
        QCOMPARE(bob->closeCode, 0);
        QCOMPARE(newer->closeCode, 0);
    }
    void oneOfTwoThatEnterAtTheSameTimeStays()
    {
        f->start();
        f->presence.joinRemote(m_lobby, Member{UserId("alice"), "Alice", {}, {}, {}, 0});
        auto first = f->joined("lobby", "alice", {{"deviceId", "laptop"}});
        GatewayFixture other;
        other.node = NodeId("node.2");
        other.start();
        other.presence.joinRemote(m_lobby, Member{UserId("alice"), "Alice", {}, {}, {}, 0});
        auto second = other.joined("lobby", "alice", {{"deviceId", "laptop"}});
        Q_EMIT other.presence.relayReceived(m_lobby, NodeId("node.1"),
                                            f->presence.relayed.at(0).payload);
        receive(other.presence.relayed.at(0).payload);
        first->takeEvents();
        second->takeEvents();
        QCOMPARE(first->closeCode, 4005); // the lower name, at the same millisecond
        QCOMPARE(second->closeCode, 0);
    }
    void resynchronizedRoomIsShownAnew()
    {
        f->start();
        auto alice = f->joined("lobby", "alice");
        auto carol = f->joined("attic", "carol");
        Q_EMIT f->presence.roomResynchronized(m_lobby);
        QCOMPARE(alice->takeTypes(), QStringList("room_state"));
        QCOMPARE(carol->takeTypes(), QStringList());
    }
    void closedRoomClosesItsConnections()
    {
        f->start();
        auto alice = f->joined("lobby", "alice");
        auto carol = f->joined("attic", "carol");
        Q_EMIT f->directory.roomClosed(m_lobby);
        alice->takeEvents();
        carol->takeEvents();
        QCOMPARE(alice->closeCode, 4503);
        QCOMPARE(carol->closeCode, 0);
        QCOMPARE(f->presence.ended[0].reason, LeaveReason::Kicked);
    }
    void evictedMemberIsToldAndClosed()
    {
        f->start();
        auto alice = f->joined("lobby", "alice");
        f->presence.evict(m_lobby, UserId("alice"), LeaveReason::Kicked);
        QVERIFY(alice->takeTypes().contains("moderation_action"));
        QCOMPARE(alice->closeCode, 4500);
    }
};

QTEST_GUILESS_MAIN(tst_GatewayNodes)
#include "tst_gatewaynodes.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/manualclock.h"
#include "plugins/presence/presenceengine.h"

#include <QSignalSpy>
#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

namespace {

const RoomId kRoom("lobby");
const UserId kAlice("alice");
const UserId kBob("bob");

Member memberOf(const UserId &user)
{
    Member member;
    member.user = user;
    member.displayName = user.value();
    return member;
}

/// A node in memory whose time stands still.
struct Node
{
    explicit Node(const PresenceConfig &config = {})
        : engine(config, clock, metrics, nullptr, NodeId("n1.1"))
    {
        QObject::connect(&engine, &PresenceService::memberJoined, &engine,
                         [this](const RoomId &, const Member &member) {
                             log += "+" + member.user.value() + " ";
                         });
        QObject::connect(&engine, &PresenceService::memberLeft, &engine,
                         [this](const RoomId &, const UserId &user, LeaveReason reason) {
                             log += "-" + user.value() + ":" + leaveReasonName(reason).toByteArray()
                                 + " ";
                         });
        QObject::connect(&engine, &PresenceService::memberUpdated, &engine,
                         [this](const RoomId &, const Member &member) {
                             log += "~" + member.user.value() + ":"
                                 + memberStateName(member.state).toByteArray() + " ";
                         });
        QObject::connect(&engine, &PresenceService::membershipEnded, &engine,
                         [this](ConnectionId connection, const RoomId &, LeaveReason reason) {
                             log += "x" + QByteArray::number(connection.value()) + ":"
                                 + leaveReasonName(reason).toByteArray() + " ";
                         });
        QObject::connect(&engine, &PresenceService::userOnline, &engine,
                         [this](const UserId &user) { log += "on:" + user.value() + " "; });
        QObject::connect(&engine, &PresenceService::userOffline, &engine,
                         [this](const UserId &user) { log += "off:" + user.value() + " "; });
    }
    void join(quint64 connection, const UserId &user, const RoomId &room = kRoom,
              Dialect dialect = Dialect::Rooms)
    {
        engine.join({ConnectionId(connection), room, RoomKind::Room, dialect, memberOf(user)},
                    &engine, [this](const RoomSnapshot &snapshot) { last = snapshot; });
    }
    QByteArray take() { return std::exchange(log, {}).trimmed(); }

    ManualClock clock;
    Metrics metrics;
    QByteArray log;
    RoomSnapshot last;
    PresenceEngine engine;
};

} // namespace

class tst_PresenceEngine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void joinAnswersWithinTheCallAndAnnouncesOnce()
    {
        Node node;
        node.join(1, kAlice);
        QCOMPARE(node.take(), "on:alice +alice");
        QCOMPARE(node.last.users, 1);
        QVERIFY(!node.last.stale);
        node.join(2, kAlice); // a second tab
        node.join(1, kAlice); // and a repetition
        QCOMPARE(node.take(), "");
        node.join(3, kBob);
        QCOMPARE(node.last.members.size(), size_t(2));
        QCOMPARE(node.engine.occupancy(kRoom), 2);
        const auto occupancies = node.engine.occupancies();
        QCOMPARE(occupancies.size(), size_t(1));
        QCOMPARE(occupancies[0].users, 2);
        QCOMPARE(occupancies[0].connections, 3);
    }
    void lastConnectionThatLeavesAnnouncesIt()
    {
        Node node;
        node.join(1, kAlice);
        node.join(2, kAlice);
        node.take();
        node.engine.leave(ConnectionId(1), kRoom, LeaveReason::Left);
        QCOMPARE(node.take(), "");
        node.engine.leave(ConnectionId(2), kRoom, LeaveReason::Left);
        QCOMPARE(node.take(), "off:alice -alice:left");
        QCOMPARE(node.engine.occupancy(kRoom), 0);
        QVERIFY(node.engine.occupancies().empty());
        node.engine.leave(ConnectionId(2), kRoom, LeaveReason::Left);
        QCOMPARE(node.take(), "");
    }
    void silentClientExpiresAfterItsTtlNeverBefore_data()
    {
        QTest::addColumn<int>("dialect");
        QTest::addRow("rooms") << int(Dialect::Rooms);
        QTest::addRow("pages") << int(Dialect::Pages);
        QTest::addRow("socketio") << int(Dialect::SocketIo);
    }
    void silentClientExpiresAfterItsTtlNeverBefore()
    {
        QFETCH(int, dialect);
        Node node;
        const auto ttl = node.engine.times(Dialect(dialect)).ttl;
        node.join(1, kAlice, kRoom, Dialect(dialect));
        node.take();
        node.clock.advance(ttl / 2);
        node.engine.touch(ConnectionId(1), kRoom);
        node.clock.advance(ttl - 1ms);
        QCOMPARE(node.take(), "");
        QVERIFY(node.engine.isMember(ConnectionId(1), kRoom));
        node.clock.advance(251ms);
        QCOMPARE(node.take(), "x1:expired off:alice -alice:expired");
        QVERIFY(!node.engine.isMember(ConnectionId(1), kRoom));
        node.engine.touch(ConnectionId(1), kRoom); // too late
        QVERIFY(!node.engine.isMember(ConnectionId(1), kRoom));
    }
    void lostConnectionKeepsItsSeatForTheGrace()
    {
        Node node;
        node.join(1, kAlice);
        node.take();
        node.engine.connectionEnded(ConnectionId(1), LeaveReason::Lost);
        QVERIFY(!node.engine.isMember(ConnectionId(1), kRoom));
        node.clock.advance(14'999ms);
        QCOMPARE(node.take(), "");
        QCOMPARE(node.engine.occupancy(kRoom), 1);
        node.clock.advance(251ms);
        QCOMPARE(node.take(), "off:alice -alice:lost");
        QCOMPARE(node.engine.occupancy(kRoom), 0);
    }
    void userWhoComesBackWithinTheGraceWasNeverGone()
    {
        Node node;
        node.join(1, kAlice);
        node.join(9, kBob);
        node.take();
        node.engine.connectionEnded(ConnectionId(1), LeaveReason::Lost);
        node.clock.advance(14s);
        node.engine.touch(ConnectionId(9), kRoom);
        node.join(2, kAlice);
        QCOMPARE(node.last.users, 2);
        node.clock.advance(60s);
        QCOMPARE(node.take(), "");
        QVERIFY(node.engine.isMember(ConnectionId(2), kRoom));
    }
    void otherReasonsHaveNoGrace_data()
    {
        QTest::addColumn<int>("dialect");
        QTest::addColumn<int>("reason");
        QTest::addColumn<QByteArray>("log");
        QTest::addRow("left") << int(Dialect::Rooms) << int(LeaveReason::Left)
                              << QByteArray("off:alice -alice:left");
        QTest::addRow("kicked") << int(Dialect::Rooms) << int(LeaveReason::Kicked)
                                << QByteArray("off:alice -alice:kicked");
        QTest::addRow("drained") << int(Dialect::Rooms) << int(LeaveReason::Drained)
                                 << QByteArray();
        QTest::addRow("voiceping") << int(Dialect::VoicePing) << int(LeaveReason::Lost)
                                   << QByteArray("off:alice -alice:lost");
    }
    void otherReasonsHaveNoGrace()
    {
        QFETCH(int, dialect);
        QFETCH(int, reason);
        QFETCH(QByteArray, log);
        Node node;
        node.join(1, kAlice, kRoom, Dialect(dialect));
        node.take();
        node.engine.connectionEnded(ConnectionId(1), LeaveReason(reason));
        QCOMPARE(node.take(), log);
        QCOMPARE(node.engine.occupancy(kRoom), 0);
        node.clock.advance(10min);
        QCOMPARE(node.take(), "");
    }
    void connectionInSeveralRoomsLosesEachForItself()
    {
        Node node;
        node.join(1, kAlice);
        node.join(1, kAlice, RoomId("garden"), Dialect::VoicePing);
        node.take();
        node.engine.connectionEnded(ConnectionId(1), LeaveReason::Lost);
        QCOMPARE(node.take(), "-alice:lost"); // the one without grace; still online
        node.clock.advance(16s);
        QCOMPARE(node.take(), "off:alice -alice:lost");
    }
    void awayIsAnUpdateAndOneActiveConnectionIsEnough()
    {
        Node node;
        node.join(1, kAlice);
        node.join(2, kAlice);
        node.take();
        node.engine.setState(ConnectionId(1), kRoom, MemberState::Away);
        QCOMPARE(node.take(), "");
        node.engine.setState(ConnectionId(2), kRoom, MemberState::Away);
        QCOMPARE(node.take(), "~alice:away");
        node.engine.setState(ConnectionId(2), kRoom, MemberState::Active);
        QCOMPARE(node.take(), "~alice:active");
    }
    void evictionEndsEveryConnectionOfTheUserInTheRoom()
    {
        Node node;
        node.join(1, kAlice);
        node.join(2, kAlice);
        node.join(3, kBob);
        node.take();
        node.engine.evict(kRoom, kAlice, LeaveReason::Kicked);
        QCOMPARE(node.take(), "x1:kicked x2:kicked off:alice -alice:kicked");
        QCOMPARE(node.engine.occupancy(kRoom), 1);
    }
    void connectionThatBecomesSomebodyElseLeavesFirst()
    {
        Node node;
        node.join(1, kAlice);
        node.take();
        node.join(1, kBob);
        QCOMPARE(node.take(), "off:alice -alice:left on:bob +bob");
        QCOMPARE(node.engine.occupancy(kRoom), 1);
    }
    void shorterTimesTakeEffectOnWhatRuns()
    {
        Node node;
        node.join(1, kAlice);
        node.take();
        PresenceConfig config;
        config.times[size_t(Dialect::Rooms)].ttl = 5s;
        node.engine.applyConfiguration(config);
        QCOMPARE(node.engine.times(Dialect::Rooms).ttl, 5s);
        node.clock.advance(4'999ms);
        QCOMPARE(node.take(), "");
        node.clock.advance(251ms);
        QCOMPARE(node.take(), "x1:expired off:alice -alice:expired");
    }
    void withoutLivenessOnlyConnectionsCount()
    {
        PresenceConfig config;
        config.enabled = false;
        Node node(config);
        node.join(1, kAlice);
        node.take();
        node.clock.advance(48h);
        QCOMPARE(node.take(), "");
        node.engine.connectionEnded(ConnectionId(1), LeaveReason::Lost);
        node.clock.advance(16s);
        QCOMPARE(node.take(), "off:alice -alice:lost");
    }
    void handlerThatEndsTheJoinItIsToldOfGetsNoSnapshot()
    {
        Node node;
        connect(&node.engine, &PresenceService::memberJoined, &node.engine,
                [&] { node.engine.leave(ConnectionId(1), kRoom, LeaveReason::Kicked); });
        node.join(1, kAlice);
        QCOMPARE(node.last.users, 0);
        QCOMPARE(node.engine.occupancy(kRoom), 0);
    }
    void tenThousandMembershipsAreSweptInOneGo()
    {
        Node node;
        constexpr int kMembers = 10'000;
        QSignalSpy ended(&node.engine, &PresenceService::membershipEnded);
        for (int i = 0; i < kMembers; ++i) {
            node.engine.join({ConnectionId(quint64(i) + 1),
                              RoomId("room" + QByteArray::number(i % 1000)), RoomKind::Room,
                              Dialect::Rooms, memberOf(UserId(QByteArray::number(i)))},
                             &node.engine, {});
        }
        node.clock.advance(75s - 1ms);
        QCOMPARE(ended.size(), 0);
        node.clock.advance(251ms);
        QCOMPARE(ended.size(), kMembers);
        QVERIFY(node.engine.occupancies().empty());
    }

    void withoutRedisOperatorsGetAnAnswerToo()
    {
        ManualClock clock;
        Metrics metrics;
        PresenceEngine engine({}, clock, metrics, nullptr, NodeId("alone.1"));
        Member member;
        member.user = kAlice;
        engine.join({ConnectionId(1), kRoom, RoomKind::Room, Dialect::Rooms, member}, this, {});
        std::optional<PresenceInspection> found;
        engine.inspect({.user = {}, .room = kRoom}, this,
                       [&](const auto &result) { found = result.value(); });
        QCOMPARE(found->users.size(), size_t(1));
        QCOMPARE(found->users[0].seats[0].here->front().connection, ConnectionId(1));
        std::optional<PurgeReport> report;
        engine.purge({.user = kAlice, .room = {}}, this,
                     [&](const auto &result) { report = result.value(); });
        QCOMPARE(report->seats[0].action, PurgedSeat::Action::Evicted);
        QVERIFY(!engine.isMember(ConnectionId(1), kRoom));
    }
};

QTEST_GUILESS_MAIN(tst_PresenceEngine)
#include "tst_presenceengine.moc"

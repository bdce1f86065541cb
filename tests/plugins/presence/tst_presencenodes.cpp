// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// Whole engines on one real Redis: what the people connected to several nodes see.
#include "enginefixture.h"

#include <QElapsedTimer>
#include <QTimer>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

class tst_PresenceNodes : public QObject, private EngineFixture
{
    Q_OBJECT
private Q_SLOTS:
    void init() { reset(); }

    void nodesSeeEachOthersMembers()
    {
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        one->join(1, kAlice);
        QTRY_VERIFY(one->answer.has_value());
        QVERIFY(!one->answer->stale);
        QCOMPARE(one->take(), "+alice");
        QTRY_COMPARE(two->engine.occupancy(kRoom), 1); // known by its count alone
        two->join(1, kBob);
        QCOMPARE(two->engine.occupancy(kRoom), 2);
        QTRY_VERIFY(two->answer.has_value());
        QVERIFY(!two->answer->stale);
        QCOMPARE(two->answer->users, 2);
        QCOMPARE(two->members(), "alice bob");
        QTRY_COMPARE(one->members(), "alice bob");
        QCOMPARE(one->take(), "+bob");
        QVERIFY(one->engine.hasRemoteMembers(kRoom));
        QVERIFY(one->engine.containsUser(kRoom, kBob));

        one->engine.setState(ConnectionId(1), kRoom, MemberState::Away);
        QTRY_COMPARE(two->log.trimmed(), "+bob ~alice:away");
        one->take();
        two->leave(1);
        QTRY_COMPARE(one->log.trimmed(), "-bob:left");
        QTRY_VERIFY(!one->engine.hasRemoteMembers(kRoom));
        QTRY_COMPARE(two->engine.occupancy(kRoom), 1);
        one->leave(1);
        QTRY_COMPARE(two->engine.occupancy(kRoom), 0);
        QVERIFY(two->engine.occupancies().empty());
    }
    void leanMemberIsExplainedAndNamedElsewhere()
    {
        m_config.profile = PresenceConfig::Profile::Lean;
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        one->join(1, kAlice);
        QTRY_COMPARE(two->engine.occupancy(kRoom), 1);
        one->engine.setState(ConnectionId(1), kRoom, MemberState::Away);
        QTRY_COMPARE(text({"HGET", "presence:user:alice", "state"}), QByteArray("away"));
        std::optional<PresenceInspection> found;
        two->engine.inspect({.user = kAlice, .room = {}}, this,
                            [&](const auto &result) { found = result.value(); });
        QTRY_VERIFY(found.has_value());
        const SeatInspection &seat = found->users.front().seats.front();
        QCOMPARE(seat.displayName, QByteArray("alice"));
        QCOMPARE(seat.findings + found->users.front().findings, QStringList());
        std::optional<RoomSnapshot> there;
        two->engine.fetchSnapshot(kRoom, this, [&](const RoomSnapshot &room) { there = room; });
        QTRY_VERIFY(there.has_value());
        QCOMPARE(there->members.size(), size_t(1));
        QCOMPARE(there->members.front().state, MemberState::Away);
    }
    void leanProfileWritesNeitherJsonNorMeta()
    {
        m_config.profile = PresenceConfig::Profile::Lean;
        m_config.idleTtl = 600ms; // keys of rooms would have to be renewed soon
        m_config.times[size_t(Dialect::Rooms)].ttl = 600ms;
        const auto one = makeNode("one.1");
        Member member;
        member.user = kAlice;
        member.displayName = "Alice in Wonderland";
        member.avatar = "a7";
        member.device = DeviceType::Vr;
        one->engine.join({ConnectionId(1), kRoom, RoomKind::Room, Dialect::Rooms, member}, this,
                         [](const RoomSnapshot &) {});
        const auto two = makeNode("two.1");
        two->join(1, kBob);
        QTRY_VERIFY(two->answer.has_value());
        QCOMPARE(two->answer->users, 2);
        const auto alice = std::ranges::find(two->answer->members, kAlice, &Member::user);
        QVERIFY(alice != two->answer->members.end());
        QCOMPARE(alice->displayName, "Alice in Wonderland");
        QCOMPARE(alice->avatar, "a7");
        QCOMPARE(alice->device, DeviceType::Vr);
        QVERIFY(m_redis->command({"KEYS", "room:*:user:*"}).elements.empty());
        QVERIFY(m_redis->command({"KEYS", "presence:meta:*"}).elements.empty());
        QCOMPARE(m_redis->command({"EXISTS", "presence:user:alice"}).integer, 1);

        // Several lives of every key: none is missed, and none written anew.
        for (int i = 0; i < 20; ++i) {
            one->engine.touch(ConnectionId(1), kRoom);
            two->engine.touch(ConnectionId(1), kRoom);
            QTest::qWait(100);
        }
        QCOMPARE(m_redis->command({"EXISTS", "presence:user:alice"}).integer, 1);
        QCOMPARE(one->host.presenceMetrics.recreated.Value(), 0.0);
        QCOMPARE(one->engine.occupancy(kRoom), 2);

        one->leave(1);
        two->leave(1);
        QTRY_VERIFY(m_redis->command({"KEYS", "presence:user:*"}).elements.empty());
        QVERIFY(m_redis->command({"KEYS", "presence:meta:*"}).elements.empty());
    }
    void whoWasOnlineBeforeTheNodeIsAnnouncedWhenTheyGo()
    {
        const auto one = makeNode("one.1");
        one->join(1, kAlice);
        QTRY_COMPARE(list({"ZRANGE", "presence:online", "0", "-1"}),
                     (QByteArrayList{"user:alice"}));
        auto two = std::make_unique<EngineNode>(*m_redis, m_clock, "two.1", m_config);
        QByteArray log;
        connect(&two->engine, &PresenceService::userOnline, this,
                [&log](const UserId &user) { log += "on:" + user.value() + ' '; });
        connect(&two->engine, &PresenceService::userOffline, this,
                [&log](const UserId &user) { log += "off:" + user.value() + ' '; });
        QTRY_COMPARE(log, "on:alice ");
        one->leave(1);
        QTRY_COMPARE(log, "on:alice off:alice ");
    }
    void memberIsShownAsTheNodeKnowsThemThatStillHoldsThem()
    {
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        const auto three = makeNode("three.1");
        one->join(1, kAlice);
        three->join(1, kBob);
        QTRY_COMPARE(three->members(), "alice bob");
        two->join(1, kAlice);
        two->engine.setState(ConnectionId(1), kRoom, MemberState::Away);
        QTRY_VERIFY(three->log.contains("~alice:away"));
        three->take();
        two->leave(1);
        QTRY_VERIFY(three->log.contains("~alice:active"));
        QVERIFY(!three->log.contains('-'));
        const auto stateIn = [&] {
            return text({"GET", "room:lobby:user:alice"}).contains("\"state\":\"active\"");
        };
        QTRY_VERIFY(stateIn());
    }
    void whoLeftBeforeTheRoomWasKnownKeepsNoOldViewAlive()
    {
        const auto two = makeNode("two.1");
        two->join(1, kBob);
        QTRY_COMPARE(list({"SMEMBERS", "room:lobby:nodes"}), (QByteArrayList{"two.1"}));
        // Not connected yet: the first is answered at once, by what is known, which is nobody.
        auto one = std::make_unique<EngineNode>(*m_redis, m_clock, "one.1", m_config);
        one->join(1, kAlice);
        QVERIFY(one->answer.has_value());
        QCOMPARE(one->answer->users, 1);
        QTRY_VERIFY_WITH_TIMEOUT(text({"HGET", "presence:node:one.1", "state"}) == "up", 5000);
        one->join(2, kCarol);
        one->leave(2);
        QTRY_COMPARE(one->members(), "alice bob");
        QTRY_VERIFY(one->resynchronized > 0);
    }
    void userOnTwoNodesIsOneMember()
    {
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        one->join(1, kAlice);
        two->join(1, kBob);
        QTRY_COMPARE(one->members(), "alice bob");
        QTRY_COMPARE(two->members(), "alice bob");
        one->take();
        two->take();
        two->join(2, kAlice);
        two->engine.relay(kRoom, "joined");
        QTRY_COMPARE(one->log.trimmed(),
                     "two.1>joined"); // whoever got this has got what was before it
        one->take();
        QCOMPARE(list({"SMEMBERS", "room:lobby:node:two.1"}),
                 (QByteArrayList{"user:alice", "user:bob"}));
        QCOMPARE(two->engine.occupancy(kRoom), 2);
        one->leave(1);
        QTRY_COMPARE(list({"SMEMBERS", "room:lobby:nodes"}), (QByteArrayList{"two.1"}));
        QCOMPARE(two->engine.occupancy(kRoom), 2);
        QTRY_COMPARE(one->engine.occupancy(kRoom), 2);
        QCOMPARE(one->take(), "");
        QCOMPARE(two->take(), "");
        two->leave(2);
        // At once, or when the other node's leave arrives.
        QTRY_COMPARE(two->log.trimmed(), "-alice:left");
    }
    void comingBackOnAnotherNodeEndsTheGraceSilently()
    {
        m_config.times[size_t(Dialect::Rooms)].grace = 700ms;
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        one->join(1, kAlice);
        one->join(2, kBob);
        two->join(1, kCarol);
        QTRY_COMPARE(one->members(), "alice bob carol");
        QTRY_COMPARE(two->members(), "alice bob carol");
        one->take();
        two->take();
        one->lose(1);
        two->join(2, kAlice);
        // At once, not when the grace is over.
        QTRY_COMPARE_WITH_TIMEOUT(list({"SMEMBERS", "room:lobby:node:one.1"}),
                                  (QByteArrayList{"user:bob"}), 500);
        QTest::qWait(1'000);
        QCOMPARE(one->take(), "");
        QCOMPARE(two->take(), "");
        QCOMPARE(one->members(), "alice bob carol");
        QCOMPARE(two->members(), "alice bob carol");
        two->lose(2);
        QTRY_COMPARE(one->log.trimmed(), "-alice:lost");
        QTRY_COMPARE(two->log.trimmed(), "-alice:lost");
    }
    void lostUserKeepsTheirKeyForTheGrace()
    {
        m_config.times[size_t(Dialect::Rooms)] = {400ms, 1200ms, 2500ms};
        const auto node = makeNode("one.1");
        node->join(1, kAlice);
        QTRY_COMPARE(list({"KEYS", "presence:user:*"}).size(), 1);
        node->take();
        QElapsedTimer elapsed;
        elapsed.start();
        node->lose(1);
        while (elapsed.elapsed() < 2'400) {
            QTest::qWait(50);
            QCOMPARE(list({"KEYS", "presence:user:*"}).size(), 1);
        }
        QCOMPARE(node->take(), "");
        QTRY_COMPARE(node->log.trimmed(), "-alice:lost");
        QVERIFY(elapsed.elapsed() >= 2'500);
        QTRY_COMPARE(list({"KEYS", "presence:user:*"}).size(), 0);
    }
    void drainedConnectionsLeaveTheirSeatsToTheLease()
    {
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        one->join(1, kAlice);
        one->join(2, kBob);
        two->join(1, kCarol);
        QTRY_COMPARE(two->members(), "alice bob carol");
        two->take();
        one->take();
        one->engine.connectionEnded(ConnectionId(1), LeaveReason::Drained);
        one->engine.connectionEnded(ConnectionId(2), LeaveReason::Drained);
        QCOMPARE(one->take(), "");
        QTRY_COMPARE(text({"HGET", "presence:node:one.1", "state"}), "draining");
        two->join(2, kAlice);
        QTest::qWait(300);
        QCOMPARE(two->take(), "");
        QCOMPARE(two->members(), "alice bob carol");
        QCOMPARE(list({"SMEMBERS", "room:lobby:node:one.1"}),
                 (QByteArrayList{"user:alice", "user:bob"}));
    }
    void relayKeepsItsOrderAmongJoinsAndLeaves()
    {
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        one->join(1, kAlice);
        one->engine.relay(kRoom, "nobody-hears-this");
        two->join(1, kBob);
        QTRY_COMPARE(two->members(), "alice bob");
        QTRY_COMPARE(one->members(), "alice bob");
        one->take();
        two->take();
        one->engine.relay(kRoom, "a");
        one->join(2, kCarol);
        one->engine.relay(kRoom, "b");
        one->engine.relay(kRoom, "c");
        one->leave(2);
        one->engine.relay(kRoom, "d");
        QTRY_COMPARE(two->log, "one.1>a +carol one.1>b one.1>c -carol:left one.1>d ");
    }
    void evictionReachesConnectionsOfOtherNodes()
    {
        const auto one = makeNode("one.1");
        const auto two = makeNode("two.1");
        one->join(1, kAlice);
        two->join(5, kAlice);
        QTRY_COMPARE(list({"SMEMBERS", "room:lobby:nodes"}), (QByteArrayList{"one.1", "two.1"}));
        one->engine.evict(kRoom, kAlice, LeaveReason::Kicked);
        QTRY_VERIFY(two->log.contains("x5:kicked"));
        QTRY_COMPARE(list({"SMEMBERS", "presence:page:lobby"}), QByteArrayList());
        QTRY_COMPARE(one->engine.occupancy(kRoom), 0);
        QTRY_COMPARE(two->engine.occupancy(kRoom), 0);
    }
    void manyNodesJoiningAtOnceAgreeInTheEnd()
    {
        std::vector<std::unique_ptr<EngineNode>> nodes;
        for (int i = 0; i < 4; ++i)
            nodes.push_back(makeNode("n" + QByteArray::number(i) + ".1"));
        // The first member of each node loads the room while the others come and go.
        for (int i = 0; i < 40; ++i) {
            for (size_t n = 0; n < nodes.size(); ++n)
                nodes[n]->join(quint64(i) + 1,
                               UserId('u' + QByteArray::number(n) + '-' + QByteArray::number(i)));
            if (i % 3 == 2) {
                for (size_t n = 0; n < nodes.size(); ++n)
                    nodes[n]->leave(quint64(i));
            }
            if (i % 5 == 0)
                QTest::qWait(1);
        }
        const int left = 4 * (40 - 13);
        for (const auto &node : nodes)
            QTRY_COMPARE(node->engine.snapshot(kRoom).members.size(), size_t(left));
        const QByteArray expected = nodes[0]->members();
        for (const auto &node : nodes) {
            QCOMPARE(node->members(), expected);
            QCOMPARE(node->engine.occupancy(kRoom), left);
        }
        QCOMPARE(text({"ZSCORE", "rooms:occupancy", "lobby"}).toInt(), left);
    }
};

QTEST_GUILESS_MAIN(tst_PresenceNodes)
#include "tst_presencenodes.moc"

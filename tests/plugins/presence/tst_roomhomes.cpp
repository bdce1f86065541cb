// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "enginenode.h"

#include "core/base/manualclock.h"
#include "plugins/presence/roomhomes.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

namespace {

const RoomId kRoom("lobby");

QByteArray urlOf(const char *name) { return QByteArray("https://") + name + ".example.org"; }

} // namespace

/// Which node clients of a room are sent to: the rule, and what two and three nodes know of it.
class tst_RoomHomes : public QObject
{
    Q_OBJECT
private:
    std::unique_ptr<EngineNode> makeNode(const char *name, const QByteArray &url)
    {
        auto node =
            std::make_unique<EngineNode>(*m_redis, m_clock, QByteArray(name) + ".1", m_config);
        node->engine.setPublicUrl([url] { return url; });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(node->engine.isFresh(), 5000); }();
        return node;
    }
    /// The name of the node that is the room's home: "" for the one that was asked, "?" without an
    /// answer.
    QByteArray home(EngineNode &node, const RoomId &room = kRoom)
    {
        std::optional<QByteArray> found;
        node.engine.findHome(room, &node.engine, [&found](const OpenNode *open) {
            found = open ? open->publicUrl : QByteArray();
        });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(found.has_value(), 5000); }();
        return found.value_or("?");
    }
    static void fill(EngineNode &node, int first, int count, const RoomId &room = kRoom)
    {
        for (int i = first; i < first + count; ++i)
            node.join(quint64(i), UserId("user-" + QByteArray::number(i)), room);
        [&] { QTRY_VERIFY(node.answer.has_value()); }();
    }

    SystemClock m_clock;
    PresenceConfig m_config;
    std::unique_ptr<TestRedis> m_redis;

private Q_SLOTS:
    void init()
    {
        m_config = {};
        m_config.lease = 1000ms;
        m_config.leaseInterval = 100ms;
        m_redis = std::make_unique<TestRedis>();
    }

    void theRuleIsClear_data()
    {
        QTest::addColumn<int>("here");
        QTest::addColumn<int>("b");
        QTest::addColumn<int>("c");
        QTest::addColumn<QByteArray>("chosen");
        QTest::addRow("nobody") << 0 << 0 << 0 << QByteArray();
        QTest::addRow("a tie") << 3 << 3 << 0 << QByteArray();
        QTest::addRow("most here") << 4 << 3 << 2 << QByteArray();
        QTest::addRow("all there") << 0 << 0 << 1 << QByteArray("c.1");
        QTest::addRow("more there") << 1 << 2 << 0 << QByteArray("b.1");
        QTest::addRow("nearly as many here") << 8 << 10 << 0 << QByteArray();
        QTest::addRow("not nearly as many here") << 7 << 10 << 0 << QByteArray("b.1");
        QTest::addRow("two nearly equal: the first by name") << 0 << 8 << 10 << QByteArray("b.1");
        QTest::addRow("two that are not") << 0 << 7 << 10 << QByteArray("c.1");
    }
    void theRuleIsClear()
    {
        QFETCH(int, here);
        QFETCH(int, b);
        QFETCH(int, c);
        QFETCH(QByteArray, chosen);
        // In any order.
        for (const bool isTurned : {false, true}) {
            std::vector<OpenNode> nodes{{NodeId("b.1"), "http://b", b},
                                        {NodeId("c.1"), "http://c", c}};
            if (isTurned)
                std::swap(nodes[0], nodes[1]);
            const OpenNode *node = RoomHomes::choose(nodes, here);
            QCOMPARE(node ? node->node.value() : QByteArray(), chosen);
        }
    }
    void aRoomIsAskedForOnceASecond()
    {
        ManualClock clock;
        std::vector<RoomHomes::Answer> questions;
        RoomHomes homes(
            clock,
            [&](const RoomId &, QObject *, RoomHomes::Answer done) { questions.push_back(done); },
            [] {
                return std::vector<OpenNode>{{NodeId("b.1"), "http://b", 0}};
            });
        QByteArray log;
        const auto find = [&] {
            homes.find(kRoom, 0, this,
                       [&](const OpenNode *node) { log += node ? node->publicUrl : "here"; });
        };
        find();
        find(); // waits for the same answer
        QCOMPARE(questions.size(), size_t(1));
        QVERIFY(log.isEmpty());
        questions.back()(RoomHolders{{NodeId("b.1"), 2}, {NodeId("dead.1"), 5}});
        QCOMPARE(std::exchange(log, {}), "http://bhttp://b");
        clock.advance(900ms);
        find();
        QCOMPARE(std::exchange(log, {}), "http://b");
        QCOMPARE(questions.size(), size_t(1));
        clock.advance(200ms);
        find();
        QCOMPARE(questions.size(), size_t(2));
        questions.back()(std::nullopt); // Redis does not answer
        QCOMPARE(log, "here");
    }
    void roomsWithMembersHereAreKnownFromMemory()
    {
        const auto one = makeNode("one", urlOf("one"));
        const auto two = makeNode("two", urlOf("two"));
        QTRY_COMPARE(one->engine.openNodes(kRoom).size(), size_t(1));
        fill(*two, 1, 5);
        fill(*one, 10, 1);
        QTRY_COMPARE(one->engine.occupancy(kRoom), 6);
        const quint64 before = one->host.hub.client()->commandsSent();
        bool isAnswered = false;
        one->engine.findHome(kRoom, &one->engine, [&](const OpenNode *node) {
            isAnswered = node && node->publicUrl == urlOf("two") && node->users == 5;
        });
        QVERIFY(isAnswered);
        QCOMPARE(one->host.hub.client()->commandsSent(), before);
        // Who is on both is counted for both.
        fill(*one, 20, 3);
        one->join(30, UserId("user-1"));
        QTRY_COMPARE(one->engine.occupancy(kRoom), 9);
        QCOMPARE(home(*one), QByteArray()); // 5 here, 5 there
        for (const quint64 left : {1, 2, 3})
            two->leave(left);
        QTRY_COMPARE(one->engine.openNodes(kRoom).front().users, 2);
        QCOMPARE(home(*two), urlOf("one"));
    }
    void roomsOfOtherNodesAreAskedForAndEmptyOnesAreNot()
    {
        const auto one = makeNode("one", urlOf("one"));
        const auto two = makeNode("two", urlOf("two"));
        fill(*two, 1, 2);
        QTRY_COMPARE(one->engine.occupancy(kRoom), 2);
        QTRY_COMPARE(one->engine.openNodes(kRoom).size(), size_t(1));
        QCOMPARE(home(*one), urlOf("two"));
        bool isAnswered = false;
        one->engine.findHome(RoomId("empty"), &one->engine,
                             [&](const OpenNode *node) { isAnswered = !node; });
        QVERIFY(isAnswered); // at once
    }
    void nobodyIsSentToNodesThatDrainHaveNoUrlOrAreDead()
    {
        const auto one = makeNode("one", urlOf("one"));
        const auto nameless = makeNode("nameless", {});
        auto two = makeNode("two", urlOf("two"));
        fill(*nameless, 1, 9);
        fill(*two, 10, 3);
        QTRY_COMPARE(one->engine.occupancy(kRoom), 12);
        QTRY_COMPARE(one->engine.openNodes(kRoom).size(), size_t(1));
        QCOMPARE(home(*one), urlOf("two"));
        two->engine.beginDraining();
        QTRY_VERIFY(one->engine.openNodes(kRoom).empty());
        QCOMPARE(home(*one), QByteArray());
        QCOMPARE(home(*two), urlOf("one")); // though it holds more

        auto three = makeNode("three", urlOf("three"));
        QTRY_COMPARE(one->engine.openNodes(kRoom).size(), size_t(1));
        three.reset(); // a crash
        QTRY_VERIFY(one->engine.openNodes(kRoom).empty());
    }
    void aNodeThatDrainsSaysSoBeforeItsLeaseIsLookedAt()
    {
        m_config.lease = 60s;
        m_config.leaseInterval = 20s;
        const auto two = makeNode("two", urlOf("two"));
        const auto one = makeNode("one", urlOf("one")); // sees two with its first lease
        QTRY_COMPARE(one->engine.openNodes(kRoom).size(), size_t(1));
        two->engine.beginDraining();
        QTRY_VERIFY(one->engine.openNodes(kRoom).empty());
    }
};

QTEST_GUILESS_MAIN(tst_RoomHomes)
#include "tst_roomhomes.moc"

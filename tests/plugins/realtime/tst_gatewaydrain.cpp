// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "gatewayfixture.h"

#include <QTest>

#include <set>

using namespace Rollcall;
using namespace Rollcall::Realtime;
using namespace std::chrono_literals;

namespace {

OpenNode nodeOf(const char *id, const char *url, int users = 0)
{
    return {.node = NodeId(id), .publicUrl = url, .users = users};
}

} // namespace

/// What connections see of a host that shuts down.
class tst_GatewayDrain : public QObject
{
    Q_OBJECT

    std::unique_ptr<GatewayFixture> f;

private Q_SLOTS:
    void init()
    {
        f = std::make_unique<GatewayFixture>();
        Configuration empty;
        f->config = RealtimeConfig::read(empty);
        f->config.drainWindow = 1s;
        f->start();
    }

    void cleanup() { f.reset(); }

    void drainTellsThenClosesAndThenFinishes()
    {
        std::vector<std::unique_ptr<FakeClient>> clients;
        for (int i = 0; i < 30; ++i)
            clients.push_back(f->joined("lobby", QByteArray::number(i).constData()));
        for (auto &client : clients)
            client->takeEvents();
        bool isFinished = false;
        f->gateway->drain([&] { isFinished = true; });
        QCOMPARE(f->gateway->decide({}).refuse, 503);
        QVERIFY(f->gateway->decide({}).retryAfterSeconds > 0);
        for (auto &client : clients) {
            const int delay = client->takeOne("draining")["reconnectInMs"].toInt(-1);
            QVERIFY(delay >= 0 && delay <= 1000);
        }
        f->clock.advance(500ms);
        int closed = 0;
        for (auto &client : clients) {
            client->takeTypes();
            closed += client->closeCode == 4000;
        }
        QVERIFY2(closed > 5 && closed < 25, qPrintable(QString::number(closed)));
        f->clock.advance(600ms);
        for (auto &client : clients) {
            client->takeTypes();
            QCOMPARE(client->closeCode, 4000);
            client->close(4000);
        }
        QTRY_VERIFY(isFinished);
        QCOMPARE(f->gateway->connectionCount(), 0);
        for (const FakePresenceService::Ended &ended : f->presence.ended)
            QCOMPARE(ended.reason, LeaveReason::Drained);
    }
    void drainDoesNotWaitForEver()
    {
        f->gateway.reset();
        f->config.drainWindow = 0ms;
        f->start();
        auto deaf = f->joined("lobby", "deaf");
        bool isFinished = false;
        f->gateway->drain([&] { isFinished = true; });
        QVERIFY(!isFinished);
        f->clock.advance(5100ms);
        QVERIFY(isFinished);
    }
    void handshakeThatEndsDuringTheDrainIsClosedToo()
    {
        auto alice = f->joined("lobby", "alice");
        f->gateway->drain([] {});
        auto late = f->connect();
        late->takeEvents();
        QCOMPARE(late->closeCode, 4000);
    }
    void drainOfNobodyIsDoneAtOnce()
    {
        bool isFinished = false;
        f->gateway->drain([&] { isFinished = true; });
        QVERIFY(isFinished);
    }
    void nobodyJoinsWhileDraining()
    {
        auto alice = f->joined("lobby", "alice");
        f->gateway->drain([] {});
        alice->takeEvents();
        alice->join("attic", "alice");
        QCOMPARE(alice->takeOne("error")["code"], QJsonValue("draining"));
    }
    void theOtherNodesAreToldFirst()
    {
        auto alice = f->joined("lobby", "alice");
        f->gateway->drain([] {});
        QVERIFY(f->presence.draining);
    }
    void everybodyIsAskedEarlyEnoughToArriveWithinTheWindow()
    {
        std::vector<std::unique_ptr<FakeClient>> clients;
        for (int i = 0; i < 50; ++i)
            clients.push_back(f->joined("lobby", QByteArray::number(i).constData()));
        for (auto &client : clients)
            client->takeEvents();
        f->gateway->drain([] {});
        int latest = 0;
        for (auto &client : clients)
            latest = std::max(latest, client->takeOne("draining")["reconnectInMs"].toInt(-1));
        QVERIFY2(latest > 400 && latest <= 800, qPrintable(QString::number(latest)));
        // Who does not go is closed only after it was asked to.
        f->clock.advance(std::chrono::milliseconds(latest));
        int open = 0;
        for (auto &client : clients) {
            client->takeTypes();
            open += client->closeCode == 0;
        }
        QVERIFY(open > 0);
        f->clock.advance(200ms);
        for (auto &client : clients) {
            client->takeTypes();
            QCOMPARE(client->closeCode, 4000);
        }
    }
    void theUrlIsThatOfTheNodeWithMostOfTheRoom()
    {
        auto alice = f->joined("lobby", "alice");
        f->presence.nodes = {nodeOf("b.1", "https://b.example.org", 3),
                             nodeOf("c.1", "http://c.example.org")};
        f->gateway->drain([] {});
        QCOMPARE(alice->takeOne("draining")["url"], QJsonValue("wss://b.example.org/ws"));
    }
    void roomsThatNoOtherNodeHoldsAreSpreadAndStayTogether()
    {
        f->presence.nodes = {nodeOf("b.1", "http://b"), nodeOf("c.1", "http://c")};
        std::set<QString> urls;
        std::vector<std::unique_ptr<FakeClient>> clients;
        for (const char *room : {"r0", "r1", "r2", "r3"}) {
            for (const char *user : {"alice", "bob"})
                clients.push_back(f->joined(room, (QByteArray(user) + room).constData()));
        }
        for (auto &client : clients)
            client->takeEvents();
        auto silent = f->connect();
        f->gateway->drain([] {});
        for (size_t i = 0; i < clients.size(); i += 2) {
            const QString url = clients[i]->takeOne("draining")["url"].toString();
            QCOMPARE(clients[i + 1]->takeOne("draining")["url"].toString(), url);
            urls.insert(url);
        }
        QCOMPARE(urls, (std::set<QString>{"ws://b/ws", "ws://c/ws"}));
        QVERIFY(silent->takeOne("draining")["url"].toString().endsWith("/ws"));
    }
    void withoutAnotherNodeThereIsNoUrl()
    {
        auto alice = f->joined("lobby", "alice");
        f->gateway->drain([] {});
        QVERIFY(!alice->takeOne("draining").contains("url"));
    }
    void whoGoesWhileTheHostDrainsHasNotLeftTheRoom()
    {
        auto closing = f->joined("lobby", "closing");
        auto dropped = f->joined("lobby", "dropped");
        auto leaving = f->joined("attic", "leaving");
        f->gateway->drain([] {});
        closing->close(1000);
        dropped->peer.finish();
        QTRY_COMPARE(f->presence.ended.size(), size_t(2));
        for (const FakePresenceService::Ended &ended : f->presence.ended)
            QCOMPARE(ended.reason, LeaveReason::Drained);
        leaving->send("leave_room", {{"roomId", "attic"}});
        QTRY_COMPARE(f->presence.occupancy(RoomId("attic")), 0);
    }
};

QTEST_GUILESS_MAIN(tst_GatewayDrain)
#include "tst_gatewaydrain.moc"

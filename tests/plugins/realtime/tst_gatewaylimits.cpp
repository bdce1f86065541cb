// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "gatewayfixture.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Realtime;
using namespace std::chrono_literals;

/// What the gateway refuses, drops and closes, and when: limits, deadlines, slow readers.
class tst_GatewayLimits : public QObject
{
    Q_OBJECT

    std::unique_ptr<GatewayFixture> f;

private Q_SLOTS:
    void init()
    {
        f = std::make_unique<GatewayFixture>();
        Configuration empty;
        f->config = RealtimeConfig::read(empty);
        f->start();
    }
    void cleanup() { f.reset(); }

    void pingsGoOutAndAPongKeepsTheConnection()
    {
        auto alice = f->joined("lobby", "alice");
        for (int i = 1; i <= 3; ++i) {
            f->clock.advance(25100ms);
            alice->takeEvents();
            QCOMPARE(alice->pings, i);
            alice->peer.send(ClientFrame{0x8a, ""}.bytes());
        }
        QCOMPARE(alice->closeCode, 0);
    }
    void missingPongIsClosedAndLost()
    {
        auto alice = f->joined("lobby", "alice");
        f->clock.advance(34900ms);
        alice->takeEvents();
        QCOMPARE(alice->closeCode, 0);
        f->clock.advance(300ms);
        alice->takeEvents();
        QCOMPARE(alice->closeCode, 4001);
        QCOMPARE(f->presence.ended.back().reason, LeaveReason::Lost);
        // Nobody answers the Close: the socket is given up.
        QVERIFY(!alice->peer.isAborted());
        f->clock.advance(5200ms);
        QVERIFY(alice->peer.isAborted());
        QTRY_COMPARE(f->gateway->connectionCount(), 0);
    }
    void pingsMayBeOff()
    {
        f->config.pingInterval = 0ms;
        f->start();
        auto alice = f->joined("lobby", "alice");
        f->clock.advance(10min);
        alice->takeEvents();
        QCOMPARE(alice->pings, 0);
        QCOMPARE(alice->closeCode, 0);
    }
    void malformedMessagesGetOneErrorASecond()
    {
        auto alice = f->joined("lobby", "alice");
        for (int i = 0; i < 5; ++i)
            alice->sendText("{");
        QCOMPARE(alice->takeOne("error")["code"], QJsonValue("bad_request"));
        f->clock.advance(1s);
        alice->send("local_chat", {{"roomId", "lobby"}});
        const QJsonObject error = alice->takeOne("error");
        QCOMPARE(error["event"], QJsonValue("local_chat"));
        QCOMPARE(error["message"], QJsonValue("text is missing"));
        QCOMPARE(alice->closeCode, 0);
        QCOMPARE(f->metric("realtime_dropped_total{reason=\"malformed\"}"), 6.0);
    }
    void streamOfMalformedMessagesIsClosed()
    {
        auto alice = f->joined("lobby", "alice");
        for (int i = 0; i < 51; ++i)
            alice->sendText("{");
        alice->takeEvents();
        QCOMPARE(alice->closeCode, 4504);
        QCOMPARE(f->presence.ended.size(), size_t(1));
    }
    void binaryIsNotSpokenHere()
    {
        auto alice = f->joined("lobby", "alice");
        alice->peer.send(ClientFrame{0x82, "x"}.bytes());
        alice->takeEvents();
        QCOMPARE(alice->closeCode, 1003);
    }
    void unknownTypesAreAnErrorUnlessSomeoneTakesThem()
    {
        auto alice = f->joined("lobby", "alice");
        alice->send("dance_off", {{"a", 1}});
        QCOMPARE(alice->takeOne("error")["code"], QJsonValue("unknown_type"));
        QSignalSpy received(f->gateway.get(), &RealtimeService::messageReceived);
        alice->send("dance_off", {{"a", 1}});
        QCOMPARE(alice->takeTypes(), QStringList());
        QCOMPARE(received.size(), 1);
        QCOMPARE(received[0][1].toByteArray(), QByteArray("dance_off"));
        QCOMPARE(received[0][2].toByteArray(), QByteArray("{\"a\":1}"));
    }
    void movementAboveTheLimitIsDropped()
    {
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        for (int i = 0; i < 100; ++i)
            alice->move("lobby", i, i);
        QCOMPARE(bob->takeEvents().size(), 20);
        f->clock.advance(1s);
        for (int i = 100; i < 200; ++i)
            alice->move("lobby", i, i);
        QCOMPARE(bob->takeEvents().size(), 20);
        QCOMPARE(f->metric("realtime_dropped_total{reason=\"rate_transform\"}"), 160.0);
        QCOMPARE(alice->closeCode, 0);
    }
    void mobilesMoveLessOften()
    {
        auto alice = f->joined("lobby", "alice", {{"deviceType", "mobile"}});
        auto bob = f->joined("lobby", "bob");
        for (int i = 0; i < 100; ++i)
            alice->move("lobby", i, i);
        QCOMPARE(bob->takeEvents().size(), 15);
    }
    void dropsAreToldOnlyIfAskedFor()
    {
        auto alice = f->joined("lobby", "alice");
        for (int i = 0; i < 12; ++i)
            alice->chat("lobby", "spam");
        QCOMPARE(alice->takeTypes(), QStringList(10, "chat_broadcast"));
        f->config.notifiesRateLimit = true;
        f->gateway->applyConfiguration(f->config);
        f->clock.advance(200ms); // one more may pass
        for (int i = 0; i < 4; ++i)
            alice->chat("lobby", "spam");
        QList<QJsonObject> events = alice->takeEvents();
        QCOMPARE(events.size(), 2);
        const QJsonObject notice = events[1]["payload"].toObject();
        QCOMPARE(events[1]["t"], QJsonValue("rate_limited"));
        QCOMPARE(notice["event"], QJsonValue("local_chat"));
        QCOMPARE(notice["limitPerSecond"], QJsonValue(5));
        QCOMPARE(notice["dropped"], QJsonValue(3)); // the two before, and the first of these
    }
    void everyDropIsExplainedInTheLogIfAskedFor()
    {
        f->config.explainsDrops = true;
        f->start();
        auto alice = f->joined("lobby", "alice");
        for (int i = 0; i < 10; ++i)
            alice->chat("lobby", "fine");
        for (int i = 0; i < 2; ++i) {
            QTest::ignoreMessage(
                QtInfoMsg,
                QRegularExpression("dropped chat of connection \\d+, user \"alice\": "
                                   "more than 5/s, burst 10"));
            alice->chat("lobby", "spam");
        }
    }
    void limitsAreReloadedLive()
    {
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        f->config.rates.byKind[size_t(RateKind::Transform)] = {0, 1};
        f->gateway->applyConfiguration(f->config);
        for (int i = 0; i < 500; ++i)
            alice->move("lobby", i, i);
        QCOMPARE(bob->takeEvents().size(), 500);
    }
    void sustainedAbuseIsClosed()
    {
        auto alice = f->joined("lobby", "alice");
        for (int i = 0; i < 12 * 250 && alice->closeCode == 0; ++i) {
            alice->move("lobby", i, i);
            f->clock.advance(4ms);
            alice->takeEvents();
        }
        QCOMPARE(alice->closeCode, 4505);
        QCOMPARE(f->presence.ended.back().reason, LeaveReason::Lost);
    }
    void floodOfPingsIsLeftUnanswered()
    {
        auto alice = f->joined("lobby", "alice");
        for (int i = 0; i < 200; ++i)
            alice->peer.send(ClientFrame{0x89, "x"}.bytes());
        QCOMPARE(alice->takeFrames().size(), size_t(50));
    }
    void tooLargeMessageIsClosed()
    {
        auto alice = f->joined("lobby", "alice");
        alice->sendText(QByteArray(4097, 'x'));
        alice->takeEvents();
        QCOMPARE(alice->closeCode, 1009);
    }

    void slowReaderIsClosedAndNobodyElseNotices()
    {
        f->config.closeMark = 20'000;
        f->config.movementMark = 5'000;
        f->start();
        auto slow = f->joined("lobby", "slow");
        auto alice = f->joined("lobby", "alice");
        auto bob = f->joined("lobby", "bob");
        slow->peer.stall();
        int chats = 0;
        for (int i = 0; i < 400; ++i) {
            alice->chat("lobby", QByteArray(200, 'x').constData());
            f->clock.advance(200ms);
            for (const QString &type : bob->takeTypes())
                chats += type == "chat_broadcast";
            alice->peer.send(ClientFrame{0x8a, ""}.bytes());
            bob->peer.send(ClientFrame{0x8a, ""}.bytes());
            slow->peer.send(ClientFrame{0x8a, ""}.bytes());
        }
        QCOMPARE(chats, 400);
        QCOMPARE(f->presence.ended.size(), size_t(1));
        QCOMPARE(f->presence.ended[0].reason, LeaveReason::Lost);
        QVERIFY(slow->peer.isAborted()); // it never took the Close
        QCOMPARE(f->metric("realtime_closed_total{code=\"4002\"}"), 1.0);
    }
    void stalledReaderGetsTheNewestMovementWhenItReadsAgain()
    {
        f->config.movementMark = 1'000;
        f->config.rates.byKind[size_t(RateKind::Transform)] = {0, 1};
        f->start();
        auto slow = f->joined("lobby", "slow");
        auto alice = f->joined("lobby", "alice");
        slow->takeEvents();
        slow->peer.stall();
        for (int i = 1; i <= 500; ++i) {
            alice->move("lobby", i, i);
            endTurn();
        }
        QVERIFY(slow->peer.pending() < 2'000);
        slow->peer.accept();
        const QList<QJsonObject> events = slow->takeEvents();
        QVERIFY(events.size() < 20);
        QCOMPARE(events.back()["payload"]["x"], QJsonValue(500));
    }
};

QTEST_GUILESS_MAIN(tst_GatewayLimits)
#include "tst_gatewaylimits.moc"

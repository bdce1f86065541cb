// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/websocketsession.h"
#include "support/fakeclient.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Realtime;

namespace {

/// Writes down what a session tells.
struct Listener final : WebSocketSession::Handler
{
    QByteArrayList messages; ///< "t:" or "b:" and the message
    int pongs = 0;
    int drains = 0;
    int gone = 0;
    QList<int> closings;
    bool isByPeer = false;
    bool takesPings = true;

    void handleMessage(std::span<char> message, bool isBinary) override
    {
        messages +=
            (isBinary ? "b:" : "t:") + QByteArray(message.data(), qsizetype(message.size()));
    }
    void handlePong() override { ++pongs; }
    bool allowsPing() override { return takesPings; }
    void handleDrained() override { ++drains; }
    void handleClosing(CloseCode code, bool byPeer) override
    {
        closings += int(code);
        isByPeer = byPeer;
    }
    void handleGone() override { ++gone; }
};

QByteArray closePayload(int code, const QByteArray &reason = {})
{
    QByteArray payload;
    payload += char(code >> 8);
    payload += char(code & 0xff);
    return payload + reason;
}

} // namespace

class tst_WebSocketSession : public QObject
{
    Q_OBJECT

    struct Fixture
    {
        FakePeer peer;
        Listener listener;
        WebSocketSession::Limits limits;
        WebSocketSession session{peer.takeTransport(), listener, limits};

        std::vector<ServerFrame> answers()
        {
            QByteArray bytes = peer.takeReceived();
            return takeServerFrames(bytes);
        }
    };

private Q_SLOTS:
    void pingsAreAnsweredWithTheirPayload()
    {
        Fixture fixture;
        const QByteArray payload(125, 'p');
        fixture.peer.send(ClientFrame{0x89, payload}.bytes() + ClientFrame{0x89, ""}.bytes());
        const std::vector<ServerFrame> answers = fixture.answers();
        QCOMPARE(answers.size(), size_t(2));
        QCOMPARE(answers[0].opcode, quint8(0xa));
        QCOMPARE(answers[0].payload, payload);
        QCOMPARE(answers[1].payload, QByteArray());
    }
    void tooManyPingsStayUnanswered()
    {
        Fixture fixture;
        fixture.listener.takesPings = false;
        fixture.peer.send(ClientFrame{0x89, "x"}.bytes());
        QVERIFY(fixture.answers().empty());
        QVERIFY(!fixture.peer.isClosed());
    }
    void ownCloseWaitsForThePeers()
    {
        Fixture fixture;
        fixture.session.close(CloseCode::Drained);
        const std::vector<ServerFrame> answers = fixture.answers();
        QCOMPARE(answers.size(), size_t(1));
        QCOMPARE(answers[0].closeCode(), quint16(4000));
        QVERIFY(!fixture.peer.isClosed());
        fixture.peer.send(ClientFrame{0x81, "late"}.bytes() + ClientFrame{0x89, "late"}.bytes());
        QCOMPARE(fixture.listener.messages, QByteArrayList());
        QVERIFY(fixture.answers().empty());
        fixture.peer.send(ClientFrame{0x88, closePayload(4000)}.bytes());
        QVERIFY(fixture.peer.isClosed());
        QVERIFY(fixture.answers().empty()); // one Close each
        QCOMPARE(fixture.listener.closings, QList<int>()); // it was ours
        QTRY_COMPARE(fixture.listener.gone, 1);
    }
    void nothingIsSentAfterAClose()
    {
        Fixture fixture;
        fixture.session.close(CloseCode::Normal);
        fixture.answers();
        fixture.session.send(std::span("\x81\x01x", 3));
        fixture.session.ping();
        fixture.session.close(CloseCode::Kicked);
        QVERIFY(fixture.answers().empty());
    }
    void endWithoutACloseIsAbnormal()
    {
        Fixture fixture;
        fixture.peer.finish(TransportEnd::Reset);
        QCOMPARE(fixture.listener.closings, QList<int>({1006}));
        QCOMPARE(fixture.listener.gone, 1);
    }
    void oneMessageInVeryManyFragmentsIsFine()
    {
        Fixture fixture;
        QByteArray bytes = ClientFrame{0x01, "x"}.bytes();
        for (int i = 0; i < 2000; ++i)
            bytes += ClientFrame{0x00, "x"}.bytes();
        fixture.peer.send(bytes + ClientFrame{0x80, "x"}.bytes());
        QCOMPARE(fixture.listener.messages, QByteArrayList({"t:" + QByteArray(2002, 'x')}));
    }
    void emptyFragmentsComeToAnEnd()
    {
        Fixture fixture;
        QByteArray bytes = ClientFrame{0x01, ""}.bytes();
        bytes += ClientFrame{0x00, ""}.bytes().repeated(70'000);
        fixture.peer.send(bytes);
        QCOMPARE(fixture.listener.closings, QList<int>({1009}));
    }
    void bytesAreCounted()
    {
        Fixture fixture;
        const QByteArray frame = ClientFrame{0x81, "hello"}.bytes();
        fixture.peer.send(frame + frame.left(3));
        QCOMPARE(fixture.session.bytesReceived(), quint64(frame.size()));
        fixture.session.ping();
        QCOMPARE(fixture.session.bytesSent(), quint64(2));
    }
};

QTEST_GUILESS_MAIN(tst_WebSocketSession)
#include "tst_websocketsession.moc"

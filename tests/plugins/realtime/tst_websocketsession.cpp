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
    void conformance_data()
    {
        QTest::addColumn<QList<QByteArray>>("frames");
        QTest::addColumn<QByteArrayList>("messages");
        QTest::addColumn<int>("closeCode"); // 0: stays open
        using Frames = QList<ClientFrame>;
        const auto row = [](const char *name, const Frames &frames, const QByteArrayList &messages,
                            int closeCode) {
            QList<QByteArray> bytes;
            for (const ClientFrame &frame : frames)
                bytes += frame.bytes();
            QTest::newRow(name) << bytes << messages << closeCode;
        };
        const QByteArray smile("\xf0\x9f\x99\x82");
        // 5.6: data frames
        row("5.6: text", {{0x81, "hi"}}, {"t:hi"}, 0);
        row("5.6: binary", {{0x82, "\xff\xfe"}}, {"b:\xff\xfe"}, 0);
        row("5.6: empty text", {{0x81, ""}}, {"t:"}, 0);
        row("5.6: two messages", {{0x81, "a"}, {0x81, "b"}}, {"t:a", "t:b"}, 0);
        row("5.6: 4096 bytes", {{0x81, QByteArray(4096, 'x')}}, {"t:" + QByteArray(4096, 'x')}, 0);
        row("10.4: 4097 bytes", {{0x81, QByteArray(4097, 'x')}}, {}, 1009);
        // 5.4: fragments
        row("5.4: two fragments", {{0x01, "he"}, {0x80, "llo"}}, {"t:hello"}, 0);
        row("5.4: three binary fragments", {{0x02, "a"}, {0x00, "b"}, {0x80, "c"}}, {"b:abc"}, 0);
        row("5.4: empty fragments", {{0x01, ""}, {0x00, ""}, {0x80, ""}}, {"t:"}, 0);
        row("5.4: last one empty", {{0x01, "a"}, {0x80, ""}}, {"t:a"}, 0);
        row("5.4: ping between", {{0x01, "a"}, {0x89, "p"}, {0x80, "b"}}, {"t:ab"}, 0);
        row("5.4: pong between", {{0x01, "a"}, {0x8a, ""}, {0x80, "b"}}, {"t:ab"}, 0);
        row("5.4: close between", {{0x01, "a"}, {0x88, closePayload(1000)}}, {}, 1000);
        row("5.4: message after fragments", {{0x01, "a"}, {0x80, "b"}, {0x81, "c"}},
            {"t:ab", "t:c"}, 0);
        row("5.4: continuation of nothing", {{0x80, "a"}}, {}, 1002);
        row("5.4: unfinished continuation of nothing", {{0x00, "a"}}, {}, 1002);
        row("5.4: continuation after the end", {{0x01, "a"}, {0x80, "b"}, {0x80, "c"}}, {"t:ab"},
            1002);
        row("5.4: text inside of a message", {{0x01, "a"}, {0x81, "b"}}, {}, 1002);
        row("5.4: fragment inside of a message", {{0x01, "a"}, {0x01, "b"}}, {}, 1002);
        row("5.4: binary inside of a message", {{0x01, "a"}, {0x82, "b"}}, {}, 1002);
        row("10.4: fragments of 4096 bytes",
            {{0x01, QByteArray(2048, 'x')}, {0x80, QByteArray(2048, 'x')}},
            {"t:" + QByteArray(4096, 'x')}, 0);
        row("10.4: fragments of 4097 bytes",
            {{0x01, QByteArray(2048, 'x')}, {0x80, QByteArray(2049, 'x')}}, {}, 1009);
        // 8.1: UTF-8
        row("8.1: a character of four bytes", {{0x81, smile}}, {"t:" + smile}, 0);
        row("8.1: cut after 1 of 4", {{0x01, smile.left(1)}, {0x80, smile.mid(1)}}, {"t:" + smile},
            0);
        row("8.1: cut after 2 of 4", {{0x01, smile.left(2)}, {0x80, smile.mid(2)}}, {"t:" + smile},
            0);
        row("8.1: cut after 3 of 4", {{0x01, smile.left(3)}, {0x80, smile.mid(3)}}, {"t:" + smile},
            0);
        row("8.1: a ping inside of a character",
            {{0x01, smile.left(2)}, {0x89, ""}, {0x80, smile.mid(2)}}, {"t:" + smile}, 0);
        row("8.1: wrong byte", {{0x81, "a\xff"}}, {}, 1007);
        row("8.1: unfinished character", {{0x81, smile.left(3)}}, {}, 1007);
        row("8.1: unfinished character in fragments", {{0x01, "a"}, {0x80, smile.left(3)}}, {},
            1007);
        row("8.1: wrong in the first fragment", {{0x01, "\xff"}}, {}, 1007);
        row("8.1: surrogate", {{0x81, "\xed\xa0\x80"}}, {}, 1007);
        row("8.1: overlong", {{0x81, "\xc0\xaf"}}, {}, 1007);
        row("8.1: binary is not checked", {{0x02, "\xff"}, {0x80, "\xfe"}}, {"b:\xff\xfe"}, 0);
        // 5.5: control frames
        row("5.5.1: close", {{0x88, closePayload(1000)}}, {}, 1000);
        row("5.5.1: close with a reason", {{0x88, closePayload(1001, "bye")}}, {}, 1001);
        row("5.5.1: close without a code", {{0x88, ""}}, {}, 1005);
        row("5.5.1: own code", {{0x88, closePayload(4321)}}, {}, 4321);
        row("5.5.1: half a code", {{0x88, "\x03"}}, {}, 1002);
        row("7.4.1: 1005 on the wire", {{0x88, closePayload(1005)}}, {}, 1002);
        row("7.4.1: 1006 on the wire", {{0x88, closePayload(1006)}}, {}, 1002);
        row("7.4.2: 999", {{0x88, closePayload(999)}}, {}, 1002);
        row("5.5.1: reason that is not UTF-8", {{0x88, closePayload(1000, "\xff")}}, {}, 1007);
        row("5.5.1: nothing counts after a close", {{0x88, closePayload(1000)}, {0x81, "late"}}, {},
            1000);
        row("5.5: ping of 125", {{0x89, QByteArray(125, 'p')}}, {}, 0);
        row("5.5: ping of 126", {{0x89, QByteArray(126, 'p')}}, {}, 1002);
        row("5.5: fragmented ping", {{0x09, ""}}, {}, 1002);
        row("5.5.3: unasked pong", {{0x8a, "x"}, {0x81, "a"}}, {"t:a"}, 0);
        // 5.1, 5.2
        row("5.1: not masked", {{0x81, "a", -1, false}}, {}, 1002);
        row("5.1: ping that is not masked", {{0x89, "", -1, false}}, {}, 1002);
        row("5.2: RSV1", {{0xc1, "a"}}, {}, 1002);
        row("5.2: RSV2", {{0xa1, "a"}}, {}, 1002);
        row("5.2: RSV3", {{0x91, "a"}}, {}, 1002);
        row("5.2: opcode 3", {{0x83, "a"}}, {}, 1002);
        row("5.2: opcode 11", {{0x8b, "a"}}, {}, 1002);
        row("5.2: length in 16 bits for nothing", {{0x81, "a", 2}}, {}, 1002);
        row("5.2: length in 64 bits for nothing", {{0x81, QByteArray(200, 'x'), 8}}, {}, 1002);
        row("good before bad", {{0x81, "a"}, {0x83, ""}, {0x81, "b"}}, {"t:a"}, 1002);
    }
    void conformance()
    {
        QFETCH(QList<QByteArray>, frames);
        QFETCH(QByteArrayList, messages);
        QFETCH(int, closeCode);
        const QByteArray all = frames.join();
        enum { Whole, ByFrame, ByByte };
        for (const int way : {Whole, ByFrame, ByByte}) {
            Fixture fixture;
            if (way == Whole)
                fixture.peer.send(all);
            for (const QByteArray &frame : way == ByFrame ? frames : QList<QByteArray>())
                fixture.peer.send(frame);
            for (qsizetype i = 0; way == ByByte && i < all.size(); ++i)
                fixture.peer.send(all.mid(i, 1));
            QCOMPARE(fixture.listener.messages, messages);
            QCOMPARE(fixture.listener.closings,
                     closeCode == 0 ? QList<int>() : QList<int>({closeCode}));
            QCOMPARE(fixture.peer.isClosed(), closeCode != 0);
            const std::vector<ServerFrame> answers = fixture.answers();
            const bool hasClose = !answers.empty() && answers.back().opcode == 0x8;
            QCOMPARE(hasClose, closeCode != 0);
            if (hasClose)
                QCOMPARE(int(answers.back().closeCode()), closeCode == 1005 ? 0 : closeCode);
        }
    }

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

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// RFC 6455, case by case: each one whole, frame by frame and byte by byte in memory, and in one
// segment with the handshake through an edge, plain and over TLS.
#include "conformancecases.h"
#include "core/edge/edgefixture.h"
#include "plugins/realtime/websocketsession.h"
#include "support/fakeclient.h"
#include "support/tlsfiles.h"

#include <QDeadlineTimer>
#include <QSignalSpy>
#include <QSslSocket>
#include <QTimer>
#include <QWebSocket>

using namespace Rollcall;
using namespace Rollcall::Realtime;

Q_DECLARE_METATYPE(ConformanceCase)

namespace {

constexpr auto kSentinel = "is that all?";

/// A session that sends back what it understands.
class Echo final : public WebSocketSession::Handler
{
public:
    explicit Echo(std::unique_ptr<Transport> transport)
        : session(std::move(transport), *this, m_limits)
    { }

    void handleMessage(std::span<char> message, bool isBinary) override
    {
        messages +=
            (isBinary ? "b:" : "t:") + QByteArray(message.data(), qsizetype(message.size()));
        char header[kMaxServerHeader];
        char *const end = header + sizeof header;
        const size_t size =
            encodeHeaderBefore(end, isBinary ? Opcode::Binary : Opcode::Text, message.size());
        session.send({end - size, size});
        session.send(message);
    }
    void handlePong() override { }
    bool allowsPing() override { return true; }
    void handleDrained() override { }
    void handleClosing(CloseCode code, bool) override { closings += int(code); }
    void handleGone() override { isGone = true; }

private:
    WebSocketSession::Limits m_limits{.message = size_t(kConformanceLimit)};

public:
    QByteArrayList messages;
    QList<int> closings;
    bool isGone = false;
    WebSocketSession session; // behind what it borrows
};

class EchoEndpoint final : public UpgradeEndpoint
{
public:
    std::vector<std::unique_ptr<Echo>> echoes;

    UpgradeDecision decide(const UpgradeRequest &) override { return {}; }
    void adopt(std::unique_ptr<Transport> transport, const UpgradeRequest &) override
    {
        echoes.push_back(std::make_unique<Echo>(std::move(transport)));
    }
};

const QByteArray kHandshake =
    "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// What a client has been told, in the terms of a ConformanceCase.
struct Answers
{
    QByteArrayList messages;
    QByteArrayList pongs;
    QList<int> closes;

    explicit Answers(QByteArray bytes)
    {
        for (const ServerFrame &frame : takeServerFrames(bytes)) {
            if (frame.opcode == 0x1 || frame.opcode == 0x2)
                messages += (frame.opcode == 0x2 ? "b:" : "t:") + frame.payload;
            else if (frame.opcode == 0xa)
                pongs += frame.payload;
            else if (frame.opcode == 0x8)
                closes += frame.payload.isEmpty() ? 1005 : int(frame.closeCode());
        }
        rest = bytes;
    }
    QByteArray rest;
};

/// As QTest::qWaitFor(), but awake at every event: there are many cases.
template <typename Condition>
bool waitFor(Condition isDone)
{
    QDeadlineTimer deadline(10'000);
    QTimer alarm;
    alarm.start(1'000);
    while (!isDone()) {
        if (deadline.hasExpired())
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    return true;
}

void compare(const Answers &answers, const ConformanceCase &expected)
{
    QCOMPARE(answers.messages, expected.messages);
    QCOMPARE(answers.pongs, expected.pongs);
    QCOMPARE(answers.closes, expected.closeCode ? QList<int>{expected.closeCode} : QList<int>());
    QCOMPARE(answers.rest, QByteArray());
}

} // namespace

class tst_Conformance : public QObject
{
    Q_OBJECT

    void addCases()
    {
        QTest::addColumn<ConformanceCase>("expected");
        for (const auto &cases : {framingCases(), fragmentCases(), controlCases(), textCases()}) {
            for (const ConformanceCase &each : cases)
                QTest::newRow(each.name.constData()) << each;
        }
    }
    static void inMemory(const ConformanceCase &expected, const QByteArrayList &segments)
    {
        FakePeer peer;
        Echo echo(peer.takeTransport());
        for (const QByteArray &segment : segments)
            peer.send(segment);
        compare(Answers(peer.takeReceived()), expected);
        QCOMPARE(echo.messages, expected.messages);
        QCOMPARE(echo.closings, expected.closeCode ? QList<int>{expected.closeCode} : QList<int>());
        QCOMPARE(peer.isClosed(), expected.closeCode != 0);
    }
    /// All of it in one segment with the handshake, through a socket that is connected already.
    static void throughTheEdge(const ConformanceCase &expected, QTcpSocket &socket)
    {
        const bool staysOpen = expected.closeCode == 0;
        const QByteArray pong = "\x8a" + QByteArray(1, char(qstrlen(kSentinel))) + kSentinel;
        socket.write(kHandshake + expected.frames.join()
                     + (staysOpen ? ClientFrame{0x89, kSentinel}.bytes() : QByteArray()));
        QByteArray received;
        const auto isDone = [&] {
            received += socket.readAll();
            return socket.state() == QAbstractSocket::UnconnectedState
                || (staysOpen && received.endsWith(pong));
        };
        QVERIFY(waitFor(isDone));
        const qsizetype head = received.indexOf("\r\n\r\n");
        QVERIFY(received.startsWith("HTTP/1.1 101 ") && head > 0);
        QByteArray frames = received.mid(head + 4);
        if (staysOpen) {
            QVERIFY(frames.endsWith(pong));
            frames.chop(pong.size());
        }
        compare(Answers(frames), expected);
    }

    EdgeFixture m_plain;
    TlsFiles m_files;
    std::unique_ptr<EdgeFixture> m_secure;
    EchoEndpoint m_endpoint;

private Q_SLOTS:
    void initTestCase()
    {
        QCOMPARE(m_files.make("localhost", TlsFiles::kEc), QByteArray());
        m_secure = std::make_unique<EdgeFixture>(m_files.configOf("localhost"));
        m_plain.edge->upgrades()->addEndpoint("/ws", &m_endpoint);
        m_secure->edge->upgrades()->addEndpoint("/ws", &m_endpoint);
    }
    void cleanup()
    {
        m_endpoint.echoes.clear();
        m_plain.clock.advance(std::chrono::seconds(1)); // connections are accepted at a rate
        m_secure->clock.advance(std::chrono::seconds(1));
    }

    void thereAreCasesOfEverySection()
    {
        size_t count = 0;
        QSet<QByteArray> names;
        for (const auto &cases : {framingCases(), fragmentCases(), controlCases(), textCases()}) {
            QVERIFY(!cases.empty());
            count += cases.size();
            for (const ConformanceCase &each : cases)
                names.insert(each.name);
        }
        QVERIFY(count >= 200);
        QCOMPARE(size_t(names.size()), count); // or one would hide another
    }

    void whole_data() { addCases(); }
    void whole()
    {
        QFETCH(ConformanceCase, expected);
        inMemory(expected, {expected.frames.join()});
    }
    void frameByFrame_data() { addCases(); }
    void frameByFrame()
    {
        QFETCH(ConformanceCase, expected);
        inMemory(expected, expected.frames);
    }
    void byteByByte_data() { addCases(); }
    void byteByByte()
    {
        QFETCH(ConformanceCase, expected);
        const QByteArray bytes = expected.frames.join();
        const qsizetype size =
            bytes.size() > 10'000 ? 997 : 1; // the time is in the test's own copies
        QByteArrayList segments;
        for (qsizetype at = 0; at < bytes.size(); at += size)
            segments += bytes.mid(at, size);
        inMemory(expected, segments);
    }
    void withTheHandshake_data() { addCases(); }
    void withTheHandshake()
    {
        QFETCH(ConformanceCase, expected);
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, m_plain.port());
        throughTheEdge(expected, socket);
    }
    void withTheHandshakeOverTls_data() { addCases(); }
    void withTheHandshakeOverTls()
    {
        QFETCH(ConformanceCase, expected);
        QSslSocket socket;
        socket.setPeerVerifyMode(QSslSocket::VerifyNone);
        socket.connectToHostEncrypted("127.0.0.1", m_secure->port());
        QVERIFY(waitFor([&socket] { return socket.isEncrypted(); }));
        throughTheEdge(expected, socket);
    }

    void qtsClientUnderstandsUs_data()
    {
        QTest::addColumn<bool>("isSecure");
        QTest::newRow("plain") << false;
        QTest::newRow("tls") << true;
    }
    void qtsClientUnderstandsUs()
    {
        QFETCH(bool, isSecure);
        const QString host =
            "://127.0.0.1:" + QString::number((isSecure ? m_secure.get() : &m_plain)->port());
        QWebSocket client((isSecure ? "https" : "http") + host);
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
        client.setSslConfiguration(configuration);
        QSignalSpy texts(&client, &QWebSocket::textMessageReceived);
        QSignalSpy binaries(&client, &QWebSocket::binaryMessageReceived);
        QSignalSpy pongs(&client, &QWebSocket::pong);
        QSignalSpy ends(&client, &QWebSocket::disconnected);
        client.open(QUrl((isSecure ? "wss" : "ws") + host + "/ws"));
        QTRY_COMPARE(client.state(), QAbstractSocket::ConnectedState);
        for (const int size : {0, 125, 126, 65535, 65536}) {
            client.sendTextMessage(QString(size, 'x'));
            QTRY_COMPARE(texts.size(), 1);
            QCOMPARE(texts.takeFirst()[0].toString(), QString(size, 'x'));
            client.sendBinaryMessage(QByteArray(size, '\xff'));
            QTRY_COMPARE(binaries.size(), 1);
            QCOMPARE(binaries.takeFirst()[0].toByteArray(), QByteArray(size, '\xff'));
        }
        client.ping("hello");
        QTRY_COMPARE(pongs.size(), 1);
        QCOMPARE(pongs[0][1].toByteArray(), QByteArray("hello"));
        client.close(QWebSocketProtocol::CloseCodeGoingAway);
        QTRY_COMPARE(ends.size(), 1);
        QTRY_COMPARE(m_endpoint.echoes.back()->closings, QList<int>{1001});
    }
};

QTEST_GUILESS_MAIN(tst_Conformance)
#include "tst_conformance.moc"

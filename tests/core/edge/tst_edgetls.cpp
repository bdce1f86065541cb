// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/tlsidentity.h"
#include "edgefixture.h"
#include "support/tlsfiles.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslKey>

using namespace Rollcall;
using namespace std::chrono_literals;

namespace {

const QByteArray kHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

class TlsClient
{
public:
    explicit TlsClient(quint16 port)
    {
        socket.setPeerVerifyMode(QSslSocket::VerifyNone);
        socket.connectToHostEncrypted("127.0.0.1", port);
    }
    bool isEncrypted()
    {
        return QTest::qWaitFor([this] { return socket.isEncrypted() || isOver(); }, 5000)
            && socket.isEncrypted();
    }
    QByteArray readUntil(const QByteArray &end, int timeout = 5000)
    {
        const bool arrives = QTest::qWaitFor(
            [&] {
                m_arrived += socket.readAll();
                return m_arrived.endsWith(end) || isOver();
            },
            timeout);
        return arrives ? std::exchange(m_arrived, {}) : QByteArray();
    }
    bool isOver() const { return socket.state() == QAbstractSocket::UnconnectedState; }

    QSslSocket socket;

private:
    QByteArray m_arrived;
};

/// Echoes what arrives, through an adopted transport.
class EchoEndpoint final : public UpgradeEndpoint, public TransportHandler
{
public:
    std::unique_ptr<Transport> transport;
    std::optional<TransportEnd> end;
    bool isSecure = false;
    int drained = 0;

    UpgradeDecision decide(const UpgradeRequest &) override { return {}; }
    void adopt(std::unique_ptr<Transport> adopted, const UpgradeRequest &request) override
    {
        isSecure = request.isSecure;
        transport = std::move(adopted);
        transport->setHandler(this);
    }
    size_t handleBytes(std::span<char> bytes) override
    {
        transport->write(bytes);
        return bytes.size();
    }
    void handleDrained() override { ++drained; }
    void handleEnd(TransportEnd how) override
    {
        end = how;
        transport.reset();
    }
};

} // namespace

class tst_EdgeTls : public QObject
{
    Q_OBJECT

    TlsFiles m_files;

    QString path(const QString &name) const { return m_files.path(name); }
    EdgeConfig configOf(const QString &name) const { return m_files.configOf(name); }

private Q_SLOTS:
    void initTestCase()
    {
        QCOMPARE(m_files.make("first", TlsFiles::kRsa), QByteArray());
        QCOMPARE(m_files.make("second", TlsFiles::kEc), QByteArray());
    }

    void onePortSpeaksBoth()
    {
        EdgeFixture fixture(configOf("first"));
        QCOMPARE(fixture.edge->url().scheme(), QString("https"));
        RawClient plain(fixture.port());
        QVERIFY(plain.ask(kHello).endsWith("hello"));
        TlsClient tls(fixture.port());
        QVERIFY(tls.isEncrypted());
        for (int i = 0; i < 2; ++i) {
            tls.socket.write(kHello);
            QVERIFY(tls.readUntil("hello").startsWith("HTTP/1.1 200 OK\r\n"));
        }
        tls.socket.write("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QTRY_COMPARE(fixture.requests.size(), size_t(1));
        QVERIFY(fixture.requests[0].isSecure);
    }

    void closingFlushesFirst()
    {
        EdgeFixture fixture(configOf("first"));
        const QByteArray body(5 << 20, 'x');
        fixture.edge->http()->route("GET", "/large", HttpAccess::Public, &fixture.context,
                                    [&](const HttpRequest &, HttpResponder responder) {
                                        HttpResponse response;
                                        response.body = body;
                                        responder.send(response);
                                    });
        TlsClient client(fixture.port());
        QVERIFY(client.isEncrypted());
        client.socket.write("GET /large HTTP/1.0\r\n\r\n");
        const QByteArray answer = client.readUntil("never");
        QVERIFY(answer.endsWith(body.right(1000)));
        QCOMPARE(answer.size() - answer.indexOf("\r\n\r\n") - 4, body.size());
        QTRY_COMPARE(fixture.value("rollcall_edge_connections"), 0.0);
        QCOMPARE(fixture.value("rollcall_edge_buffered_bytes"), 0.0);
    }

    void webSocketsWorkToo()
    {
        EdgeFixture fixture(configOf("first"));
        EchoEndpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        TlsClient client(fixture.port());
        QVERIFY(client.isEncrypted());
        client.socket.write(
            "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\nsurplus");
        QVERIFY(client.readUntil("surplus").startsWith("HTTP/1.1 101 "));
        QVERIFY(endpoint.isSecure);
        const QByteArray large(3 << 20, 'y');
        client.socket.write(large + "end");
        QCOMPARE(client.readUntil("end").size(), large.size() + 3);
        QTRY_COMPARE(endpoint.transport->bytesPending(), size_t(0));
        endpoint.transport->write(QByteArray("a"));
        const std::vector<std::span<const char>> pieces{QByteArrayView("b"), QByteArrayView("cd")};
        endpoint.transport->sendNow(pieces);
        QCOMPARE(client.readUntil("abcd"), QByteArray("abcd"));
        client.socket.disconnectFromHost();
        QTRY_VERIFY(endpoint.end);
        QCOMPARE(*endpoint.end, TransportEnd::Closed);
    }

    void aTransportMayBeDestroyedOrAbortedAtAnyTime()
    {
        EdgeFixture fixture(configOf("first"));
        for (const bool aborts : {true, false}) {
            EchoEndpoint endpoint;
            fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
            TlsClient client(fixture.port());
            QVERIFY(client.isEncrypted());
            client.socket.write(
                "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: "
                "Upgrade\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            QTRY_VERIFY(endpoint.transport);
            endpoint.transport->write(QByteArray(1 << 20, 'x'));
            if (aborts)
                endpoint.transport->abort();
            else
                endpoint.transport.reset();
            QTRY_VERIFY(client.isOver());
            QTRY_COMPARE(endpoint.end.has_value(), aborts);
            fixture.edge->upgrades()->removeEndpoint(&endpoint);
        }
        QTRY_COMPARE(fixture.value("rollcall_edge_connections"), 0.0);
    }

    void aHandshakeThatStopsIsDroppedAtTheDeadline_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("first byte") << QByteArray("\x16");
        QTest::newRow("part of a hello") << QByteArray("\x16\x03\x01\x02\x00\x01", 6);
    }
    void aHandshakeThatStopsIsDroppedAtTheDeadline()
    {
        QFETCH(QByteArray, bytes);
        EdgeFixture fixture(configOf("first"));
        RawClient client(fixture.port());
        client.send(bytes);
        QTRY_COMPARE(fixture.value("rollcall_edge_connections"), 1.0);
        EdgeFixture::settle();
        fixture.clock.advance(9900ms);
        EdgeFixture::settle();
        QVERIFY(!client.isOver());
        fixture.clock.advance(300ms);
        client.readToEnd();
        QVERIFY(client.isOver());
        QTRY_COMPARE(fixture.value("rollcall_edge_connections"), 0.0);
    }

    void theHandshakeHasADeadlineOfItsOwn()
    {
        EdgeConfig config = configOf("first");
        config.tlsHandshakeDeadline = 2s;
        EdgeFixture fixture(config);
        RawClient client(fixture.port());
        client.send(QByteArray("\x16\x03\x01\x02\x00\x01", 6));
        QTRY_COMPARE(fixture.value("rollcall_edge_connections"), 1.0);
        EdgeFixture::settle();
        fixture.clock.advance(2200ms);
        QTRY_COMPARE(fixture.value("rollcall_edge_connections"), 0.0);
    }

    void garbageInsteadOfAHandshakeEndsTheConnection()
    {
        EdgeFixture fixture(configOf("first"));
        RawClient client(fixture.port());
        client.send("\x16garbage garbage garbage garbage");
        client.readToEnd();
        QVERIFY(client.isOver());
        QTRY_COMPARE(fixture.value("rollcall_edge_connections"), 0.0);
    }

    void aNewCertificateIsTakenOverWhileRunning()
    {
        EdgeFixture fixture(configOf("first"));
        TlsClient before(fixture.port());
        QVERIFY(before.isEncrypted());
        QVERIFY(fixture.edge->applyConfiguration(configOf("second")));
        TlsClient after(fixture.port());
        QVERIFY(after.isEncrypted());
        QCOMPARE(before.socket.peerCertificate().subjectInfo("CN"), QStringList("first"));
        QCOMPARE(after.socket.peerCertificate().subjectInfo("CN"), QStringList("second"));
        before.socket.write(kHello);
        QVERIFY(before.readUntil("hello").startsWith("HTTP/1.1 200"));
    }

    void aBadCertificateLeavesTheOldOne()
    {
        EdgeFixture fixture(configOf("first"));
        EdgeConfig broken = configOf("first");
        broken.tlsKey = path("second.key");
        const Result<void> applied = fixture.edge->applyConfiguration(broken);
        QVERIFY(!applied);
        QVERIFY2(applied.error().logText.startsWith("edge.tls.key: "),
                 qPrintable(applied.error().logText));
        TlsClient client(fixture.port());
        QVERIFY(client.isEncrypted());
    }

    void filesThatAreWrongAreNamed()
    {
        QFile empty(path("empty"));
        QVERIFY(empty.open(QIODevice::WriteOnly));
        const auto error = [this](const QString &certificate, const QString &key) {
            const auto loaded = loadTlsIdentity(path(certificate), path(key));
            return loaded ? QString() : loaded.error().logText;
        };
        QCOMPARE(error("first.pem", "first.key"), QString());
        QVERIFY(error("missing", "first.key").contains("missing"));
        QVERIFY(error("first.pem", "missing").contains("missing"));
        QVERIFY(error("empty", "first.key").contains("has no PEM certificate"));
        QVERIFY(error("first.pem", "empty").contains("has no PEM key"));
    }
};

QTEST_GUILESS_MAIN(tst_EdgeTls)
#include "tst_edgetls.moc"

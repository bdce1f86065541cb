// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "edgeendpoint.h"
#include "edgefixture.h"

#include <QSignalSpy>
#include <QWebSocket>

#include <map>

using namespace Rollcall;
using namespace std::chrono_literals;

class tst_EdgeWebSocket : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theEndpointGetsATransportAndTheBytesBehindTheRequest()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        client.send(handshake("/ws/?token=x") + "first");
        const QByteArray answer = client.readAnswer();
        QCOMPARE(
            answer,
            QByteArray(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"));
        QTRY_COMPARE(endpoint.bytes, QByteArray("first"));
        QCOMPARE(endpoint.request.path, QByteArray("/ws/"));
        QCOMPARE(endpoint.request.query.queryItemValue("token"), QString("x"));
        QVERIFY(endpoint.request.client.isLoopback());
        endpoint.transport->write(QByteArray("frame"));
        QTRY_COMPARE(client.arrived(), QByteArray("frame"));
        client.socket.disconnectFromHost();
        QTRY_VERIFY(endpoint.end);
        QCOMPARE(*endpoint.end, TransportEnd::Closed);
        QCOMPARE(fixture.value("rollcall_edge_handshakes_total{result=\"accepted\"}"), 1.0);
        QTRY_COMPARE(fixture.value("rollcall_edge_connections"), 0.0);
    }

    void aRealClientConnects()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        QWebSocket client("http://127.0.0.1:" + QString::number(fixture.port()));
        QUrl url("ws://127.0.0.1/ws");
        url.setPort(fixture.port());
        client.open(url);
        QTRY_COMPARE(client.state(), QAbstractSocket::ConnectedState);
        QTRY_VERIFY(endpoint.transport);
        QSignalSpy messages(&client, &QWebSocket::textMessageReceived);
        endpoint.transport->write(QByteArray("\x81\x02hi"));
        QTRY_COMPARE(messages.size(), 1);
        QCOMPARE(messages[0][0].toString(), QString("hi"));
    }

    void whatTheEndpointDecidesIsInTheAnswer()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        endpoint.decision.subprotocol = "rollcall";
        endpoint.decision.headers.emplaceBack("Set-Cookie", "a=b");
        endpoint.decision.headers.emplaceBack("X-Bad", "a\r\nX-Worse: b");
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        const QByteArray answer =
            client.ask(handshake("/ws", "Sec-WebSocket-Protocol: rollcall, secret\r\n"));
        QVERIFY(answer.contains("\r\nSec-WebSocket-Protocol: rollcall\r\n"));
        QVERIFY(answer.contains("\r\nSet-Cookie: a=b\r\n"));
        QVERIFY(!answer.contains("Worse"));
        QCOMPARE(endpoint.request.subprotocols, (QList<QByteArray>{"rollcall", "secret"}));
    }

    void aSubprotocolThatWasNotOfferedIsNotChosen()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        endpoint.decision.subprotocol = "rollcall";
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        QVERIFY(!client.ask(handshake("/ws")).contains("Sec-WebSocket-Protocol"));
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("header");
        const auto row = [](const char *name, const QByteArray &request, int status,
                            const QByteArray &header = {}) {
            QTest::newRow(name) << request << status << header;
        };
        row("unknown path", handshake("/nowhere"), 404);
        row("other version", handshake("/ws").replace("Version: 13", "Version: 8"), 426,
            "Sec-WebSocket-Version: 13");
        row("no version", handshake("/ws").replace("Sec-WebSocket-Version: 13\r\n", ""), 426);
        row("post", handshake("/ws").replace("GET", "POST"), 405);
        row("no key", handshake("/ws").replace("Sec-WebSocket-Key", "X-Key"), 400);
        row("short key", handshake("/ws").replace("dGhlIHNhbXBsZSBub25jZQ==", "dGhl"), 400);
        row("key with a line of its own",
            handshake("/ws", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), 400);
        row("foreign origin", handshake("/ws", "Origin: http://evil.test\r\n"), 403);
        row("rebound name", handshake("/ws").replace("localhost", "evil.test"), 403);
        row("decided 429", handshake("/refused"), 429, "Retry-After: 7");
    }
    void refusals()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        QFETCH(QByteArray, header);
        EdgeFixture fixture;
        Endpoint endpoint;
        Endpoint refusing;
        refusing.decision.refuse = 429;
        refusing.decision.retryAfterSeconds = 7;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        fixture.edge->upgrades()->addEndpoint("/refused", &refusing);
        RawClient client(fixture.port());
        client.send(request);
        const QByteArray answer = client.readToEnd();
        QCOMPARE(answer.mid(9, 3).toInt(), status);
        QVERIFY(answer.contains(header));
        QVERIFY(answer.contains("Connection: close\r\n"));
        QVERIFY(!endpoint.transport && !refusing.transport);
        const std::map<int, QByteArray> results{{403, "forbidden"},
                                                {404, "not_found"},
                                                {426, "wrong_version"},
                                                {429, "too_many"},
                                                {503, "unavailable"}};
        const auto known = results.find(status);
        const QByteArray result = known == results.end() ? QByteArray("malformed") : known->second;
        QCOMPARE(fixture.value("rollcall_edge_handshakes_total{result=\"" + result + "\"}"), 1.0);
    }

    void theSameOriginMayConnect()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        QVERIFY(client.ask(handshake("/ws", "Origin: http://localhost\r\n"))
                    .startsWith("HTTP/1.1 101 "));
    }

    void whileDrainingNobodyConnects()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        fixture.edge->setDraining();
        RawClient client(fixture.port());
        client.send(handshake("/ws"));
        QVERIFY(client.readToEnd().startsWith("HTTP/1.1 503 "));
    }

    void behindAProxyEachClientHasItsLimit()
    {
        EdgeConfig config;
        config.trustedProxies = QStringList{"127.0.0.1"};
        config.maxConnectionsPerAddress = 1;
        EdgeFixture fixture(config);
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient one(fixture.port());
        RawClient two(fixture.port());
        RawClient three(fixture.port());
        QVERIFY(one.ask(handshake("/ws", "X-Forwarded-For: 192.0.2.1\r\n"))
                    .startsWith("HTTP/1.1 101 "));
        const std::unique_ptr<Transport> first = std::move(endpoint.transport);
        two.send(handshake("/ws", "X-Forwarded-For: 192.0.2.1\r\n"));
        QVERIFY(two.readToEnd().startsWith("HTTP/1.1 429 "));
        QVERIFY(three.ask(handshake("/ws", "X-Forwarded-For: 192.0.2.2\r\n"))
                    .startsWith("HTTP/1.1 101 "));
        QCOMPARE(endpoint.request.client, QHostAddress("192.0.2.2"));
    }

    void whatTheHandlerLeavesComesAgainWithMore()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        endpoint.takeAtATime = 3;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        client.ask(handshake("/ws"));
        client.send("abcd");
        QTRY_COMPARE(endpoint.bytes, QByteArray("abc"));
        client.send("ef");
        QTRY_COMPARE(endpoint.bytes, QByteArray("abcdef"));
        QVERIFY(endpoint.spans.contains("def"));
    }

    void readingStopsAndGoesOn()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        client.ask(handshake("/ws"));
        QTRY_VERIFY(endpoint.transport);
        endpoint.transport->setReading(false);
        client.send("later");
        EdgeFixture::settle();
        QCOMPARE(endpoint.bytes, QByteArray());
        endpoint.transport->setReading(true);
        QTRY_COMPARE(endpoint.bytes, QByteArray("later"));
    }

    void closeSendsWhatIsPendingThenWaitsForThePeer()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        client.ask(handshake("/ws"));
        QTRY_VERIFY(endpoint.transport);
        endpoint.transport->write(QByteArray(1 << 20, 'x'));
        endpoint.transport->close(5s);
        endpoint.transport->write(QByteArray("ignored"));
        QVERIFY(!endpoint.end);
        const QByteArray arrived = client.readToEnd();
        QCOMPARE(arrived.size(), 1 << 20);
        QTRY_VERIFY(endpoint.end);
        QCOMPARE(*endpoint.end, TransportEnd::Closed);
    }

    void aPeerThatDoesNotFinishIsResetAtTheDeadline()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        client.ask(handshake("/ws"));
        client.socket.setReadBufferSize(1); // it stops reading, and so does not see the FIN
        QTRY_VERIFY(endpoint.transport);
        endpoint.transport->write(QByteArray(8 << 20, 'x'));
        endpoint.transport->close(5s);
        EdgeFixture::settle();
        fixture.clock.advance(4900ms);
        EdgeFixture::settle();
        QVERIFY(!endpoint.end);
        fixture.clock.advance(200ms);
        QVERIFY(endpoint.end);
        QCOMPARE(*endpoint.end, TransportEnd::Reset);
        QCOMPARE(fixture.value("rollcall_edge_connections"), 0.0);
        QCOMPARE(fixture.value("rollcall_edge_buffered_bytes"), 0.0);
    }

    void abortResetsThePeer()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        client.ask(handshake("/ws"));
        QTRY_VERIFY(endpoint.transport);
        endpoint.transport->write(QByteArray("dropped"));
        endpoint.transport->abort();
        QVERIFY(!endpoint.end);
        QTRY_VERIFY(endpoint.end);
        QCOMPARE(*endpoint.end, TransportEnd::Aborted);
        client.readToEnd();
        QCOMPARE(client.socket.error(), QAbstractSocket::RemoteHostClosedError);
    }

    void drainedIsSaidOnceAfterWaiting()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        client.ask(handshake("/ws"));
        QTRY_VERIFY(endpoint.transport);
        endpoint.transport->write(QByteArray("small"));
        QTRY_COMPARE(client.arrived(), QByteArray("small"));
        QCOMPARE(endpoint.drained, 0);
        client.socket.setReadBufferSize(1);
        endpoint.transport->write(QByteArray(8 << 20, 'x'));
        EdgeFixture::settle();
        QVERIFY(endpoint.transport->bytesPending() > 0);
        client.socket.setReadBufferSize(0);
        QTRY_COMPARE(client.arrived().size(), 5 + (8 << 20));
        QTRY_COMPARE(endpoint.drained, 1);
        QCOMPARE(endpoint.transport->bytesPending(), size_t(0));
        QCOMPARE(fixture.value("rollcall_edge_buffered_bytes"), 0.0);
    }

    void whoBuffersMoreThanAllMayIsReset()
    {
        EdgeConfig config;
        config.maxBufferedBytes = 10 << 20;
        EdgeFixture fixture(config);
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        client.ask(handshake("/ws"));
        client.socket.setReadBufferSize(1);
        QTRY_VERIFY(endpoint.transport);
        const auto buffered = [&] { return fixture.value("rollcall_edge_buffered_bytes"); };
        endpoint.transport->write(QByteArray(8 << 20, 'x'));
        QTRY_VERIFY(buffered() > 0);
        const double before = buffered(); // what is written to one who must wait counts at once
        endpoint.transport->write(QByteArray(1000, 'x'));
        QCOMPARE(buffered(), before + 1000);
        endpoint.transport->write(QByteArray(10 << 20, 'x'));
        QVERIFY(!endpoint.end); // not from inside write()
        QTRY_VERIFY(endpoint.end);
        QCOMPARE(*endpoint.end, TransportEnd::Reset);
        QCOMPARE(buffered(), 0.0);
    }

    void aHandlerMayDestroyItsTransportWhileReading()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        endpoint.destroysOnBytes = true;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        client.send(handshake("/ws"));
        client.readAnswer();
        client.send("bytes");
        client.readToEnd();
        QVERIFY(client.isOver());
        QVERIFY(!endpoint.transport);
    }

    void framesOfOneTurnGoOutTogether()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        client.ask(handshake("/ws"));
        QTRY_VERIFY(endpoint.transport);
        for (int i = 0; i < 100; ++i)
            endpoint.transport->write(QByteArray("frame"));
        QCOMPARE(endpoint.transport->bytesPending(), size_t(500));
        char arrived[1000];
        const int descriptor = int(client.socket.socketDescriptor());
        QCOMPARE(::recv(descriptor, arrived, sizeof arrived, MSG_PEEK | MSG_DONTWAIT), ssize_t(-1));
        QTRY_COMPARE(client.arrived().size(), 500);
    }
};

QTEST_GUILESS_MAIN(tst_EdgeWebSocket)
#include "tst_edgewebsocket.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "edgefixture.h"
#include "httptext.h"

#include <QJsonDocument>

using namespace Rollcall;
using namespace std::chrono_literals;

class tst_EdgeHttp : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aGetIsAnsweredAndTheConnectionStays()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        for (int i = 0; i < 2; ++i) {
            const QByteArray answer = client.ask(get("/hello"));
            QVERIFY2(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
            QCOMPARE(bodyOf(answer), QByteArray("hello"));
            QCOMPARE(headerOf(answer, "Content-Length"), QByteArray("5"));
            QCOMPARE(headerOf(answer, "Content-Type"), QByteArray("text/plain"));
            QCOMPARE(headerOf(answer, "Date"), QByteArray("Fri, 15 Jan 2027 08:00:00 GMT"));
            QVERIFY(!answer.contains("Connection:"));
        }
    }

    void heldConnectionsWaitAndAreNotRefused()
    {
        EdgeFixture fixture;
        fixture.edge->holdConnections(true);
        RawClient client(fixture.port());
        client.send(get("/hello"));
        EdgeFixture::settle();
        QVERIFY(client.arrived().isEmpty());
        fixture.edge->holdConnections(false);
        QVERIFY(client.readAnswer().startsWith("HTTP/1.1 200 OK\r\n"));
    }

    void headIsAGetWithoutItsBody()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        client.send("HEAD /hello HTTP/1.1\r\n" + kHost + "\r\n" + get("/hello"));
        const QByteArray head = client.readAnswer(true);
        QCOMPARE(headerOf(head, "Content-Length"), QByteArray("5"));
        // Were there a body, the next answer would not begin where it does.
        QVERIFY(client.readAnswer().startsWith("HTTP/1.1 200 OK\r\n"));
    }

    void closing_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<bool>("closes");
        QTest::addColumn<QByteArray>("connection");
        QTest::newRow("1.1 close")
            << get("/hello", "Connection: close\r\n") << true << QByteArray("close");
        QTest::newRow("1.0") << QByteArray("GET /hello HTTP/1.0\r\n\r\n") << true
                             << QByteArray("close");
        QTest::newRow("1.0 keep-alive")
            << QByteArray("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") << false
            << QByteArray("keep-alive");
    }
    void closing()
    {
        QFETCH(QByteArray, request);
        QFETCH(bool, closes);
        QFETCH(QByteArray, connection);
        EdgeFixture fixture;
        RawClient client(fixture.port());
        const QByteArray answer =
            closes ? (client.send(request), client.readToEnd()) : client.ask(request);
        QCOMPARE(statusOf(answer), 200);
        QCOMPARE(headerOf(answer, "Connection"), connection);
        QVERIFY(answer.endsWith("hello"));
        QCOMPARE(client.isOver(), closes);
    }

    void whoAskedForTheCloseIsNotWaitedFor_data()
    {
        QTest::addColumn<bool>("hasAsked");
        QTest::newRow("asked") << true;
        QTest::newRow("did not ask, and is refused") << false;
    }
    /// A client that is told that the server closes, and keeps its own side open.
    void whoAskedForTheCloseIsNotWaitedFor()
    {
        QFETCH(bool, hasAsked);
        EdgeFixture fixture;
        RawClient client(fixture.port());
        client.send(hasAsked ? QByteArray("GET /hello HTTP/1.1\r\nHost: localhost\r\n"
                                          "Connection: close\r\n\r\n")
                             : QByteArray("nonsense\r\n\r\n"));
        // The descriptor, not QTcpSocket, which closes its side as soon as the other is closed.
        const int descriptor = ::dup(int(client.socket.socketDescriptor()));
        QTRY_VERIFY(client.arrived().contains(hasAsked ? "hello" : "400"));
        EdgeFixture::settle();
        QCOMPARE(fixture.value("rollcall_edge_connections"), hasAsked ? 0. : 1.);
        ::close(descriptor);
        client.socket.abort();
        QTRY_COMPARE(fixture.value("rollcall_edge_connections"), 0.);
    }

    void anEncodedSlashIsPartOfTheArgument()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        QCOMPARE(bodyOf(client.ask(get("/things/%2Fa%2Fb"))), QByteArray("/a/b"));
        QCOMPARE(bodyOf(client.ask(get("/api/things/a%20b"))), QByteArray("a b"));
    }

    void pipelinedRequestsAreAnsweredInOrder()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        client.send(get("/later") + get("/things/2") + get("/things/3"));
        QTRY_COMPARE(fixture.kept.size(), size_t(1));
        EdgeFixture::settle();
        QCOMPARE(client.arrived(), QByteArray());
        fixture.kept[0].send(HttpResponse::json({}));
        QCOMPARE(bodyOf(client.readAnswer()), QByteArray("{}"));
        QCOMPARE(bodyOf(client.readAnswer()), QByteArray("2"));
        QCOMPARE(bodyOf(client.readAnswer()), QByteArray("3"));
    }

    void manyPipelinedRequestsFromAReaderOfNothingStopBeingRead()
    {
        EdgeFixture fixture;
        fixture.edge->http()->route(
            "GET", "/large", HttpAccess::Public, &fixture.context,
            [this_ = &fixture](const HttpRequest &request, HttpResponder responder) {
                this_->requests.push_back(request);
                HttpResponse response;
                response.body = QByteArray(1 << 20, 'x');
                responder.send(response);
            });
        RawClient client(fixture.port());
        client.socket.setReadBufferSize(1);
        client.send(get("/large").repeated(1000));
        QTRY_VERIFY(!fixture.requests.empty());
        for (int i = 0; i < 50; ++i)
            EdgeFixture::settle();
        QVERIFY2(fixture.requests.size() < 50,
                 qPrintable(QString::number(fixture.requests.size())));
        QVERIFY(fixture.value("rollcall_edge_buffered_bytes") > 0);
        client.socket.abort();
        QTRY_COMPARE(fixture.value("rollcall_edge_connections"), 0.0);
        QCOMPARE(fixture.value("rollcall_edge_buffered_bytes"), 0.0);
    }

    void bodiesArrive_data()
    {
        QTest::addColumn<QByteArray>("request");
        const QByteArray begin = "POST /echo HTTP/1.1\r\n" + kHost;
        QTest::newRow("length") << begin + "Content-Length: 5\r\n\r\nhello";
        QTest::newRow("chunked") << begin
                + "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";
    }
    void bodiesArrive()
    {
        QFETCH(QByteArray, request);
        EdgeFixture fixture;
        RawClient client(fixture.port());
        QCOMPARE(bodyOf(client.ask(request)), QByteArray("hello"));
        for (char c : request) { // and in pieces
            client.send(QByteArray(1, c));
            EdgeFixture::settle();
        }
        QCOMPARE(bodyOf(client.readAnswer()), QByteArray("hello"));
        QCOMPARE(fixture.value("rollcall_edge_buffered_bytes"), 0.0);
    }

    void aLargeBodyWithinTheLimitArrives()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        const QByteArray body = QByteArray(1 << 20, 'x');
        client.send("POST /echo HTTP/1.1\r\n" + kHost + "Content-Length: 1048576\r\n\r\n" + body);
        QCOMPARE(bodyOf(client.readAnswer()), body);
    }

    void continueIsSaidBeforeTheBodyIsSent()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        client.send("POST /echo HTTP/1.1\r\n" + kHost
                    + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        QTRY_COMPARE(client.arrived(), QByteArray("HTTP/1.1 100 Continue\r\n\r\n"));
        client.readAnswer();
        QCOMPARE(bodyOf(client.ask("hello")), QByteArray("hello"));
    }

    void whatIsWrongIsAnsweredAndTheConnectionClosed_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        const auto row = [](const char *name, const QByteArray &request, int status) {
            QTest::newRow(name) << request << status;
        };
        const QByteArray post = "POST /echo HTTP/1.1\r\n" + kHost;
        row("malformed", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400);
        row("bare LF", "GET /hello HTTP/1.1\nHost: localhost\n\n", 400);
        row("smuggled",
            post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                + get("/hello"),
            400);
        row("malformed chunk", post + "Transfer-Encoding: chunked\r\n\r\nx\r\n", 400);
        row("announced too large", post + "Content-Length: 1048577\r\n\r\n", 413);
        row("too large", post + "Transfer-Encoding: chunked\r\n\r\n100001\r\n", 413);
        row("long target", get('/' + QByteArray(9000, 'a')), 414);
        row("large head", get("/hello", "X: " + QByteArray(17000, 'a') + "\r\n"), 431);
        row("large head without an end", "GET /hello HTTP/1.1\r\nX: " + QByteArray(70000, 'a'),
            431);
        row("TLS to a plain port", QByteArray("\x16\x03\x01\x00\x05", 5), 400);
        row("upgrade with a body",
            get("/hello", "Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n"),
            400);
    }
    void whatIsWrongIsAnsweredAndTheConnectionClosed()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        EdgeFixture fixture;
        RawClient client(fixture.port());
        RawClient other(fixture.port());
        client.send(request);
        const QByteArray answer = client.readToEnd();
        QCOMPARE(statusOf(answer), status);
        QCOMPARE(answer.count("HTTP/1.1 "), 1);
        QCOMPARE(headerOf(answer, "Connection"), QByteArray("close"));
        QCOMPARE(headerOf(answer, "Content-Type"), QByteArray("application/problem+json"));
        QCOMPARE(QJsonDocument::fromJson(bodyOf(answer)).object().value("status").toInt(), status);
        QCOMPARE(statusOf(other.ask(get("/hello"))), 200);
        QCOMPARE(fixture.value("rollcall_edge_requests_total{status=\"4xx\"}"), 1.0);
    }
};

QTEST_GUILESS_MAIN(tst_EdgeHttp)
#include "tst_edgehttp.moc"

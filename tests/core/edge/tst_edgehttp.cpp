// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "edgefixture.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Rollcall;
using namespace std::chrono_literals;

namespace {

const QByteArray kHost = "Host: localhost\r\n";

QByteArray get(const QByteArray &path, const QByteArray &more = {})
{
    return "GET " + path + " HTTP/1.1\r\n" + kHost + more + "\r\n";
}

int statusOf(const QByteArray &answer) { return answer.mid(9, 3).toInt(); }

QByteArray bodyOf(const QByteArray &answer) { return answer.mid(answer.indexOf("\r\n\r\n") + 4); }

QByteArray headerOf(const QByteArray &answer, const QByteArray &name)
{
    for (const QByteArray &line : answer.left(answer.indexOf("\r\n\r\n")).split('\n')) {
        if (line.startsWith(name + ": "))
            return line.mid(name.size() + 2).trimmed();
    }
    return {};
}

} // namespace

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

    void unknownPathsAndMethods()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        QCOMPARE(statusOf(client.ask(get("/nowhere"))), 404);
        for (const QByteArray method : {"DELETE", "TRACE", "BREW"}) {
            const QByteArray answer = client.ask(method + " /hello HTTP/1.1\r\n" + kHost + "\r\n");
            QCOMPARE(statusOf(answer), 405);
            QVERIFY(headerOf(answer, "Allow").startsWith("GET"));
        }
    }

    void accessLevels_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<bool>("authRequired");
        QTest::addColumn<int>("status");
        const auto row = [](const QByteArray &path, const QByteArray &token, bool authRequired,
                            int status) {
            QTest::newRow(path + ' ' + token + (authRequired ? " required" : ""))
                << path << token << authRequired << status;
        };
        row("/public", "", true, 200);
        row("/public", "bad", true, 200);
        for (const QByteArray path : {"/all", "/user"}) {
            row(path, "", false, 200);
            row(path, "", true, 401);
            row(path, "alice", true, 200);
            row(path, "alice", false, 200);
            row(path, "bad", true, 401);
            row(path, "bad", false, 401);
            row(path, "expired", false, 401);
            row(path, "room", true, 403);
            row(path, "ops", true, 200);
        }
        row("/ops", "", false, 401);
        row("/ops", "alice", false, 403);
        row("/ops", "bad", false, 403);
        row("/ops", "ops", true, 200);
        row("/all?token=alice", "", true, 401);
    }
    void accessLevels()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, token);
        QFETCH(bool, authRequired);
        QFETCH(int, status);
        EdgeFixture fixture;
        fixture.tokens.authRequired = authRequired;
        const HttpHandler who = [](const HttpRequest &request, HttpResponder responder) {
            HttpResponse response;
            response.body = request.isOperator ? "operator"
                : request.caller               ? request.caller->subject.value()
                                               : "guest";
            responder.send(response);
        };
        fixture.edge->http()->route("GET", "/public", HttpAccess::Public, &fixture.context, who);
        fixture.edge->http()->route("GET", "/all", HttpAccess::All, &fixture.context, who);
        fixture.edge->http()->route("GET", "/user", HttpAccess::User, &fixture.context, who);
        fixture.edge->http()->route("GET", "/ops", HttpAccess::Operator, &fixture.context, who);
        RawClient client(fixture.port());
        const QByteArray answer = client.ask(
            get(path, token.isEmpty() ? QByteArray() : "Authorization: Bearer " + token + "\r\n"));
        QCOMPARE(statusOf(answer), status);
        QCOMPARE(headerOf(answer, "WWW-Authenticate"),
                 status == 401 ? QByteArray("Bearer") : QByteArray());
        if (status == 200) {
            QCOMPARE(bodyOf(answer),
                     token == "ops"         ? QByteArray("operator")
                         : token == "alice" ? QByteArray("alice")
                                            : QByteArray("guest"));
        }
    }

    void requestIdsAreKeptOrMade()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        QCOMPARE(headerOf(client.ask(get("/hello", "X-Request-Id: abc-1\r\n")), "X-Request-Id"),
                 QByteArray("abc-1"));
        const QByteArray made =
            headerOf(client.ask(get("/hello", "X-Request-Id: a b\r\n")), "X-Request-Id");
        QVERIFY(!made.isEmpty());
        QVERIFY(!made.contains(' '));
        QVERIFY(headerOf(client.ask(get("/hello")), "X-Request-Id") != made);
    }

    void aHandlersHeadersCannotBreakTheMessage()
    {
        EdgeFixture fixture;
        fixture.edge->http()->route("GET", "/evil", HttpAccess::Public, &fixture.context,
                                    [](const HttpRequest &, HttpResponder responder) {
                                        HttpResponse response;
                                        response.headers.emplaceBack("X-Bad", "a\r\nX-Worse: b");
                                        response.headers.emplaceBack("X Y", "c");
                                        response.headers.emplaceBack("Content-Length", "999");
                                        response.headers.emplaceBack("Age", "1");
                                        responder.send(response);
                                    });
        RawClient client(fixture.port());
        const QByteArray answer = client.ask(get("/evil"));
        QVERIFY(!answer.contains("Worse"));
        QVERIFY(!answer.contains("X Y"));
        QCOMPARE(headerOf(answer, "Content-Length"), QByteArray("0"));
        QCOMPARE(headerOf(answer, "Age"), QByteArray("1"));
    }

    void notModifiedHasNoBody()
    {
        EdgeFixture fixture;
        fixture.edge->http()->route("GET", "/same", HttpAccess::Public, &fixture.context,
                                    [](const HttpRequest &, HttpResponder responder) {
                                        HttpResponse response;
                                        response.status = 304;
                                        response.body = "must not be sent";
                                        response.headers.emplaceBack("ETag", "\"1\"");
                                        responder.send(response);
                                    });
        RawClient client(fixture.port());
        client.send(get("/same") + get("/hello"));
        QVERIFY(client.readAnswer(true).startsWith("HTTP/1.1 304 Not Modified\r\n"));
        QCOMPARE(bodyOf(client.readAnswer()), QByteArray("hello"));
    }

    void aResponderThatIsDroppedAnswers500()
    {
        EdgeFixture fixture;
        fixture.edge->http()->route("GET", "/dropped", HttpAccess::Public, &fixture.context,
                                    [](const HttpRequest &, HttpResponder) {});
        RawClient client(fixture.port());
        QCOMPARE(statusOf(client.ask(get("/dropped"))), 500);
    }

    void clientsThatVanishBeforeADeferredAnswerHarmNobody()
    {
        EdgeFixture fixture;
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 200; ++i) {
            clients.push_back(std::make_unique<RawClient>(fixture.port()));
            clients.back()->send(get("/later", "X: " + QByteArray::number(i) + "\r\n"));
        }
        QTRY_COMPARE(fixture.kept.size(), size_t(200));
        for (size_t i = 0; i < clients.size(); i += 2)
            clients[i]->socket.abort();
        for (size_t i = 1; i < 100; i += 2)
            clients[i]->socket.disconnectFromHost();
        EdgeFixture::settle();
        for (size_t i = 0; i < fixture.kept.size(); ++i) {
            HttpResponse response;
            response.body = fixture.requests[i].header("x");
            fixture.kept[i].send(response);
        }
        for (size_t i = 101; i < clients.size(); i += 2)
            QCOMPARE(bodyOf(clients[i]->readAnswer()), QByteArray::number(qulonglong(i)));
        QTRY_COMPARE(fixture.value("rollcall_edge_connections"), 50.0);
    }

    void anAnswerAfterTheEdgeIsGoneIsIgnored()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        client.send(get("/later"));
        QTRY_COMPARE(fixture.kept.size(), size_t(1));
        fixture.edge.reset();
        fixture.kept[0].send({});
        client.readToEnd();
        QVERIFY(client.isOver());
    }

    void aHalfClosedClientGetsItsAnswer()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        client.send(get("/later"));
        QTRY_COMPARE(fixture.kept.size(), size_t(1));
        ::shutdown(int(client.socket.socketDescriptor()), SHUT_WR);
        EdgeFixture::settle();
        fixture.kept[0].send(HttpResponse::json({}));
        QVERIFY(client.readToEnd().endsWith("{}"));
    }

    void corsFollowsTheOrigin()
    {
        EdgeConfig config;
        config.allowedOrigins = QStringList{"https://app.test"};
        EdgeFixture fixture(config);
        RawClient client(fixture.port());
        const QByteArray allowed = client.ask(get("/hello", "Origin: https://app.test\r\n"));
        QCOMPARE(headerOf(allowed, "Access-Control-Allow-Origin"), QByteArray("https://app.test"));
        QCOMPARE(headerOf(allowed, "Vary"), QByteArray("Origin"));
        const QByteArray other = client.ask(get("/hello", "Origin: https://evil.test\r\n"));
        QCOMPARE(statusOf(other), 200);
        QVERIFY(!other.contains("Access-Control"));
        const QByteArray post =
            "POST /echo HTTP/1.1\r\n" + kHost + "Content-Length: 0\r\nOrigin: https://";
        QCOMPARE(statusOf(client.ask(post + "evil.test\r\n\r\n")), 403);
        QCOMPARE(statusOf(client.ask(post + "app.test\r\n\r\n")), 200);
    }

    void preflights()
    {
        EdgeConfig config;
        config.allowedOrigins = QStringList{"https://app.test"};
        EdgeFixture fixture(config);
        RawClient client(fixture.port());
        const QByteArray ask = "OPTIONS /echo HTTP/1.1\r\n" + kHost
            + "Access-Control-Request-Method: POST\r\nOrigin: https://";
        client.send(ask + "app.test\r\n\r\n");
        const QByteArray allowed = client.readAnswer(true);
        QCOMPARE(statusOf(allowed), 204);
        QCOMPARE(headerOf(allowed, "Access-Control-Allow-Methods"), QByteArray("POST, OPTIONS"));
        QVERIFY(headerOf(allowed, "Access-Control-Allow-Headers").contains("Authorization"));
        client.send(ask + "evil.test\r\n\r\n");
        QVERIFY(!client.readAnswer(true).contains("Access-Control"));
        QCOMPARE(statusOf(client.ask("OPTIONS /nowhere HTTP/1.1\r\n" + kHost + "\r\n")), 404);
        client.send("OPTIONS * HTTP/1.1\r\n" + kHost + "\r\n");
        QCOMPARE(statusOf(client.readAnswer(true)), 204);
    }

    void aReboundNameIsRefused()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        QCOMPARE(statusOf(client.ask("GET /hello HTTP/1.1\r\nHost: evil.test\r\n\r\n")), 403);
        QCOMPARE(statusOf(client.ask("GET /hello HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n")), 200);
    }

    void aTrustedProxySpeaksForItsClients()
    {
        EdgeConfig config;
        config.trustedProxies = QStringList{"127.0.0.1"};
        EdgeFixture fixture(config);
        RawClient client(fixture.port());
        client.send("GET /later HTTP/1.1\r\nHost: play.test\r\nX-Forwarded-For: 192.0.2.7\r\n"
                    "X-Forwarded-Proto: https\r\n\r\n");
        QTRY_COMPARE(fixture.requests.size(), size_t(1));
        QCOMPARE(fixture.requests[0].client, QHostAddress("192.0.2.7"));
        QVERIFY(fixture.requests[0].isSecure);
        QCOMPARE(fixture.edge->http()->publicUrl(fixture.requests[0]),
                 QByteArray("https://play.test"));
    }

    void aClientThatNamesNoHostGetsOurAddress()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        client.send("GET /later HTTP/1.0\r\n\r\n");
        QTRY_COMPARE(fixture.requests.size(), size_t(1));
        QCOMPARE(fixture.edge->http()->publicUrl(fixture.requests[0]),
                 "http://127.0.0.1:" + QByteArray::number(fixture.port()));
    }

    void whoeverForwardsUntrustedIsNotLocal()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        client.send(get("/later", "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\n"));
        QTRY_COMPARE(fixture.requests.size(), size_t(1));
        QVERIFY(!fixture.requests[0].client.isLoopback());
        QVERIFY(!fixture.requests[0].isSecure);
    }

    void readinessHasItsReasons()
    {
        EdgeFixture fixture;
        QString redis;
        QString plugin;
        fixture.edge->http()->addReadinessCheck("redis", &fixture.context, false,
                                                [&] { return redis; });
        fixture.edge->http()->addReadinessCheck("plugin", &fixture.context, true,
                                                [&] { return plugin; });
        RawClient client(fixture.port());
        const auto ready = [&](int status, const QString &word) {
            const QByteArray answer = client.ask(get("/ready"));
            const QJsonObject body = QJsonDocument::fromJson(bodyOf(answer)).object();
            return statusOf(answer) == status && body.value("status").toString() == word;
        };
        fixture.edge->setStarting(true);
        QVERIFY(ready(503, "starting"));
        fixture.edge->setStarting(false);
        QVERIFY(ready(200, "ready"));
        redis = "does not answer";
        QVERIFY(ready(200, "degraded"));
        QVERIFY(client.ask(get("/ready")).contains("does not answer"));
        plugin = "failed";
        QVERIFY(ready(503, "unavailable"));
        QCOMPARE(statusOf(client.ask(get("/live"))), 200);
        fixture.edge->setDraining();
        client.send(get("/ready"));
        const QByteArray draining = client.readToEnd(); // and the connection closes
        QCOMPARE(statusOf(draining), 503);
        QVERIFY(draining.contains("\"draining\""));
    }

    void clientConfigurationIsContributed()
    {
        EdgeFixture fixture;
        auto other = std::make_unique<QObject>();
        fixture.edge->http()->addClientConfiguration(&fixture.context, [] {
            return QJsonObject{{"a", 1}};
        });
        fixture.edge->http()->addClientConfiguration(other.get(), [] {
            return QJsonObject{{"b", 2}};
        });
        RawClient client(fixture.port());
        QCOMPARE(bodyOf(client.ask(get("/config.json"))), QByteArray("{\"a\":1,\"b\":2}"));
        other.reset();
        QCOMPARE(bodyOf(client.ask(get("/api/config.json"))), QByteArray("{\"a\":1}"));
    }
};

QTEST_GUILESS_MAIN(tst_EdgeHttp)
#include "tst_edgehttp.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "edgefixture.h"
#include "httptext.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Rollcall;
using namespace std::chrono_literals;

class tst_EdgeHttpService : public QObject
{
    Q_OBJECT
private Q_SLOTS:
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

    void anAddressThatCallsTooOftenIsToldWhenToComeBack()
    {
        EdgeFixture fixture;
        fixture.edge->http()->limitRate("POST", "/echo", {.perSecond = 0.5, .burst = 2});
        const QByteArray post =
            "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\nx";
        RawClient client(fixture.port());
        QCOMPARE(statusOf(client.ask(post)), 200);
        QCOMPARE(statusOf(client.ask("POST /api" + post.mid(5))), 200); // the same route
        const QByteArray refused = client.ask(post);
        QCOMPARE(statusOf(refused), 429);
        QVERIFY2(refused.contains("\r\nRetry-After: 2\r\n"), refused);
        QVERIFY2(refused.contains("\"code\":\"rate_limited\""), refused);
        QCOMPARE(fixture.value("rollcall_edge_rate_limited_total{route=\"POST /echo\"}"), 1.0);
        QCOMPARE(statusOf(client.ask(get("/hello"))), 200);
        RawClient other(fixture.port(), "127.0.0.2");
        QCOMPARE(statusOf(other.ask(post)), 200);
        fixture.clock.advance(2s);
        QCOMPARE(statusOf(client.ask(post)), 200);
        fixture.edge->http()->limitRate("POST", "/echo", {});
        for (int i = 0; i < 5; ++i)
            QCOMPARE(statusOf(client.ask(post)), 200);
    }
    void behindATrustedProxyTheForwardedAddressCounts()
    {
        EdgeConfig config;
        config.trustedProxies = QStringList{"127.0.0.1"};
        EdgeFixture fixture(config);
        fixture.edge->http()->limitRate("GET", "/hello", {.perSecond = 1, .burst = 1});
        RawClient proxy(fixture.port());
        const auto from = [](const QByteArray &address) {
            return get("/hello", "X-Forwarded-For: " + address + "\r\n");
        };
        QCOMPARE(statusOf(proxy.ask(from("192.0.2.1"))), 200);
        QCOMPARE(statusOf(proxy.ask(from("192.0.2.1"))), 429);
        QCOMPARE(statusOf(proxy.ask(from("192.0.2.2"))), 200);
        // Who is not believed is nobody's neighbour: unknown addresses are not counted as one.
        EdgeFixture unconfigured;
        unconfigured.edge->http()->limitRate("GET", "/hello", {.perSecond = 1, .burst = 1});
        RawClient stranger(unconfigured.port());
        for (int i = 0; i < 3; ++i)
            QCOMPARE(statusOf(stranger.ask(from("192.0.2.1"))), 200);
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

QTEST_GUILESS_MAIN(tst_EdgeHttpService)
#include "tst_edgehttpservice.moc"

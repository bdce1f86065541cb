// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/manualclock.h"
#include "core/redis/redisclient.h"
#include "fakeredis.h"
#include "jumpingclock.h"

#include <QSignalSpy>
#include <QTest>

using namespace Rollcall;
using namespace std::chrono_literals;

/// What a client does when the server misbehaves, and when time passes: a scripted server, a clock
/// that stands still.
class tst_RedisClientFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void badAnswerDropsTheConnectionWithAReason_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QByteArray>("errorCode"); // seen by the callback; empty: a Failure
        QTest::newRow("garbage") << QByteArray("<html>\r\n") << "not the Redis protocol"
                                 << QByteArray();
        QTest::newRow("huge array")
            << QByteArray("*2147483647\r\n") << "redis.maxReplyElements" << QByteArray();
        QTest::newRow("larger than the cap") << "$200000\r\n" + QByteArray(200000, 'x') + "\r\n"
                                             << "redis.maxReplyBytes" << QByteArray();
        QTest::newRow("deep nesting")
            << QByteArray("*1\r\n").repeated(20) << "not the Redis protocol" << QByteArray();
        QTest::newRow("READONLY") << QByteArray(
            "-READONLY You can't write against a read only replica.\r\n")
                                  << "READONLY" << QByteArray("READONLY");
        QTest::newRow("MASTERDOWN") << QByteArray("-MASTERDOWN Link with MASTER is down\r\n")
                                    << "MASTERDOWN" << QByteArray("MASTERDOWN");
        QTest::newRow("LOADING") << QByteArray("-LOADING Redis is loading\r\n") << "LOADING"
                                 << QByteArray("LOADING");
        QTest::newRow("NOAUTH") << QByteArray("-NOAUTH Authentication required.\r\n") << "NOAUTH"
                                << QByteArray("NOAUTH");
    }
    void badAnswerDropsTheConnectionWithAReason()
    {
        QFETCH(QByteArray, answer);
        QFETCH(QString, reason);
        QFETCH(QByteArray, errorCode);
        FakeRedis server([&](const QByteArrayList &command) -> std::optional<QByteArray> {
            return command.first() == "BAD" ? std::optional(answer) : std::nullopt;
        });
        RedisOptions options = server.options();
        options.maxReplyBytes = 100'000;
        ManualClock clock;
        RedisClient client(options, clock);
        QSignalSpy down(&client, &RedisClient::down);
        client.start();
        QTRY_VERIFY(client.isUp());
        std::vector<RedisReply> replies;
        client.command({"BAD"}, this, [&](const RedisReply &reply) { replies.push_back(reply); });
        QTRY_COMPARE(down.size(), 1);
        QVERIFY2(client.downReason().contains(reason), qPrintable(client.downReason()));
        QCOMPARE(replies.size(), size_t(1));
        QCOMPARE(replies[0].errorCode(), errorCode);
        QCOMPARE(replies[0].type == RedisReply::Type::Failure, errorCode.isEmpty());
        clock.advance(reason == "NOAUTH" ? options.refusedBackoff : 500ms);
        QTRY_VERIFY(client.isUp());
        QCOMPARE(server.accepted(), 2);
    }

    void unaskedAnswerDropsTheConnection()
    {
        FakeRedis server;
        ManualClock clock;
        RedisClient client(server.options(), clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        server.say("+surprise\r\n");
        QTRY_VERIFY(!client.isUp());
        QVERIFY(client.downReason().contains("nobody asked for"));
    }

    void firstAnswerDecidesWhetherItIsUp_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QString>("reason");
        QTest::newRow("loading") << QByteArray("-LOADING Redis is loading the dataset\r\n")
                                 << "LOADING";
        QTest::newRow("master down") << QByteArray("-MASTERDOWN no\r\n") << "MASTERDOWN";
        QTest::newRow("full") << QByteArray("-ERR max number of clients reached\r\n")
                              << "max number of clients";
        QTest::newRow("not PONG") << QByteArray("+HELLO\r\n") << "not a Redis server";
        QTest::newRow("web server")
            << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n") << "not the Redis protocol";
    }
    void firstAnswerDecidesWhetherItIsUp()
    {
        QFETCH(QByteArray, answer);
        QFETCH(QString, reason);
        FakeRedis server([&](const QByteArrayList &) { return answer; });
        ManualClock clock;
        RedisClient client(server.options(), clock);
        QSignalSpy up(&client, &RedisClient::up);
        client.start();
        QTRY_VERIFY2(client.downReason().contains(reason), qPrintable(client.downReason()));
        QCOMPARE(up.size(), 0);
        server.setScript({});
        clock.advance(500ms);
        QTRY_COMPARE(up.size(), 1);
    }

    void silentServerIsGivenUpAtTheConnectDeadline()
    {
        FakeRedis server;
        server.setSilent(true);
        ManualClock clock;
        RedisClient client(server.options(), clock);
        client.start();
        QTRY_COMPARE(server.count("PING"), 1);
        clock.advance(1999ms);
        QCOMPARE(client.downReason(), QString("connecting"));
        clock.advance(1ms);
        QCOMPARE(client.downReason(), QString("no answer within 2000 ms"));
    }

    void unixPathThatIsTooLongIsSaid()
    {
        RedisOptions options;
        options.socket = RedisOptions::Socket::Unix;
        options.host = "/tmp/" + QString(200, 'a');
        ManualClock clock;
        RedisClient client(options, clock);
        client.start();
        QVERIFY2(client.downReason().contains("more than the 107 that fit"),
                 qPrintable(client.downReason()));
    }

    void wrongPasswordIsTriedAgainSlowly()
    {
        FakeRedis server([&](const QByteArrayList &command) -> std::optional<QByteArray> {
            return command.first() == "AUTH" ? std::optional<QByteArray>("-WRONGPASS no\r\n")
                                             : std::nullopt;
        });
        RedisOptions options = server.options();
        options.password = "pw";
        ManualClock clock;
        RedisClient client(options, clock);
        client.start();
        QTRY_VERIFY(client.downReason().startsWith("WRONGPASS"));
        clock.advance(options.refusedBackoff - 1ms);
        QVERIFY(client.downReason().startsWith("WRONGPASS"));
        clock.advance(1ms);
        QTRY_COMPARE(server.accepted(), 2);
    }

    void backoffDoublesWithHalfJitterUpToHalfASecondHere()
    {
        ManualClock clock;
        FakeRedis server([](const QByteArrayList &) { return QByteArray("-LOADING\r\n"); });
        RedisClient client(server.options(), clock);
        client.start();
        std::vector<std::chrono::milliseconds> delays;
        for (int attempt = 1; attempt <= 8; ++attempt) {
            QTRY_COMPARE(server.accepted(), attempt);
            QTRY_COMPARE(server.count("PING"), attempt);
            QTRY_VERIFY(client.downReason().startsWith("LOADING"));
            QTest::qWait(0);
            const auto start = clock.now();
            while (server.accepted() == attempt && clock.now() - start < 5s) {
                clock.advance(1ms);
                QCoreApplication::processEvents();
            }
            delays.push_back(
                std::chrono::duration_cast<std::chrono::milliseconds>(clock.now() - start));
        }
        auto full = 50ms;
        for (const auto delay : delays) {
            QVERIFY2(delay >= full / 2 && delay <= full + 10ms,
                     qPrintable(QString::number(delay.count())));
            full = std::min(full * 2, std::chrono::milliseconds(500));
        }
    }

    void commandsExpireAtTheirOwnDeadlines()
    {
        FakeRedis server;
        ManualClock clock;
        RedisClient client(server.options(), clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        server.setSilent(true);
        QByteArray order;
        client.command(
            {"A"}, this, [&](const RedisReply &) { order += 'a'; }, 900ms);
        client.command(
            {"B"}, this, [&](const RedisReply &) { order += 'b'; }, 300ms);
        client.command({"C"}, this, [&](const RedisReply &) { order += 'c'; });
        client.command(
            {"D"}, this, [&](const RedisReply &) { order += 'd'; }, 300ms);
        QTRY_COMPARE(server.count("D"), 1);
        clock.advance(299ms);
        QCOMPARE(order, QByteArray());
        clock.advance(1ms);
        QCOMPARE(QByteArrayList({"bd", "db"}).contains(order), true);
        clock.advance(600ms);
        QCOMPARE(order.size(), 3);
        QVERIFY(order.endsWith('a'));
        // What is left and what comes late keep their places.
        server.say("+a\r\n+b\r\n+c\r\n+d\r\n");
        QTRY_COMPARE(order.size(), 4);
        QVERIFY(order.endsWith('c'));
        QVERIFY(client.isUp());
    }

    void everyAnswerIsASignOfLife()
    {
        FakeRedis server;
        ManualClock clock;
        RedisClient client(server.options(), clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        server.setSilent(true);
        client.send({"A"});
        client.send({"B"});
        QTRY_COMPARE(server.count("B"), 1);
        clock.advance(500ms); // PING goes out
        QTRY_COMPARE(server.count("PING"), 2);
        clock.advance(900ms);
        server.say("+a\r\n");
        QTRY_COMPARE(client.commandsInFlight(), size_t(2));
        clock.advance(900ms);
        QVERIFY(client.isUp());
        clock.advance(100ms);
        QVERIFY(!client.isUp());
        QVERIFY(client.downReason().contains("no answer to PING"));
    }

    void ownStandstillIsNotTheServersFault()
    {
        FakeRedis server;
        JumpingClock clock;
        RedisClient client(server.options(), clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        clock.jump(500ms);
        QCOMPARE(client.commandsInFlight(), size_t(1));
        // This process was stopped for 5 s: the answer is here, but its timers are looked at first.
        clock.jump(5s);
        QVERIFY(client.isUp());
        QTRY_COMPARE(client.commandsInFlight(), size_t(0));
        server.setSilent(true);
        clock.jump(500ms);
        clock.jump(500ms);
        QVERIFY(client.isUp());
        clock.jump(500ms);
        QVERIFY(!client.isUp());
    }

    void tooManyCommandsInFlightFailAtOnce()
    {
        FakeRedis server;
        RedisOptions options = server.options();
        options.maxCommandsInFlight = 16;
        ManualClock clock;
        RedisClient client(options, clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        server.setSilent(true);
        int failures = 0;
        for (int i = 0; i < 20; ++i) {
            client.command({"A"}, this, [&](const RedisReply &reply) {
                failures += reply.text.contains("redis.maxCommandsInFlight");
            });
        }
        QTRY_COMPARE(failures, 4);
        QCOMPARE(client.commandsInFlight(), size_t(16));
        QVERIFY(client.isUp());
    }

    void tooMuchUnwrittenFailsAtOnce()
    {
        FakeRedis server;
        RedisOptions options = server.options();
        options.maxBufferedBytes = 1000;
        ManualClock clock;
        RedisClient client(options, clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        int answers = 0;
        QByteArray failure;
        const QByteArray large(2000, 'x');
        for (int i = 0; i < 2; ++i) {
            client.command({"SET", "a", large}, this, [&](const RedisReply &reply) {
                if (reply.isOk())
                    ++answers;
                else
                    failure = reply.text;
            });
        }
        QTRY_COMPARE(answers, 1);
        QVERIFY2(failure.contains("redis.maxBufferedBytes"), failure);
    }

    void hostileErrorCodesDoNotBecomeNames()
    {
        FakeRedis server(
            [n = 0](const QByteArrayList &command) mutable -> std::optional<QByteArray> {
                if (command.first() != "BAD")
                    return std::nullopt;
                const QByteArray letters{char('A' + n % 26), char('A' + n / 26)};
                ++n;
                return n == 1 ? QByteArray("-<b> x\r\n") : '-' + letters + " x\r\n";
            });
        ManualClock clock;
        RedisClient client(server.options(), clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        int answers = 0;
        for (int i = 0; i < 100; ++i)
            client.command({"BAD"}, this, [&](const RedisReply &) { ++answers; });
        QTRY_COMPARE(answers, 100);
        const auto &errors = client.statistics().errors;
        QVERIFY(errors.size() <= 33);
        QVERIFY(!errors.contains("<b>"));
        quint64 sum = 0;
        for (const auto &[code, count] : errors)
            sum += count;
        QCOMPARE(sum, quint64(100));
    }

    void connectionThatKeepsDyingIsMadeMoreAndMoreSlowly()
    {
        FakeRedis server;
        ManualClock clock;
        RedisClient client(server.options(), clock);
        client.start();
        for (int i = 1; i <= 5; ++i) {
            QTRY_VERIFY(client.isUp());
            server.closeConnections();
            QTRY_VERIFY(!client.isUp());
            if (i < 5)
                clock.advance(500ms);
        }
        // 50, 100, 200, 400, 500: at least half of the fifth.
        clock.advance(249ms);
        QTest::qWait(0); // would be enough for the server to notice
        QTest::qWait(0);
        QCOMPARE(server.accepted(), 5);
        clock.advance(251ms);
        QTRY_VERIFY(client.isUp());
        clock.advance(400ms);
        QTest::qWait(0);
        clock.advance(200ms);
        QTest::qWait(0);
        server.closeConnections(); // after more than the longest backoff: it was healthy
        QTRY_VERIFY(!client.isUp());
        clock.advance(50ms);
        QTRY_VERIFY(client.isUp());
    }
};

QTEST_GUILESS_MAIN(tst_RedisClientFaults)
#include "tst_redisclientfaults.moc"

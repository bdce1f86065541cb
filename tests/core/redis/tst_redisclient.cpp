// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisclient.h"
#include "core/redis/redisoptions.h"
#include "core/redis/redisscript.h"
#include "support/testredis.h"

#include <QSignalSpy>
#include <QTest>

using namespace Rollcall;
using namespace std::chrono_literals;

/// Against a real redis-server.
class tst_RedisClient : public QObject
{
    Q_OBJECT
private:
    SystemClock m_clock;

    static RedisOptions quick(RedisOptions options)
    {
        options.pingInterval = 50ms;
        options.pingDeadline = 200ms;
        options.connectDeadline = 300ms;
        options.backoffMin = 10ms;
        options.backoffMax = 50ms;
        return options;
    }
    RedisReply ask(RedisClient &client, std::initializer_list<QByteArrayView> arguments)
    {
        std::optional<RedisReply> answer;
        client.command(arguments, this, [&](const RedisReply &reply) { answer = reply; });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }))
            qFatal("no answer");
        return *answer;
    }
    static qint64 statistic(TestRedis &redis, const QByteArray &section, const QByteArray &name)
    {
        const QByteArray text = redis.command({"INFO", section}).text;
        const qsizetype at = text.indexOf(name + ':') + name.size() + 1;
        return text.mid(at, text.indexOf('\r', at) - at).toLongLong();
    }

private Q_SLOTS:
    void repliesComeInOrderAndWithTheirTypes()
    {
        TestRedis redis;
        RedisClient client(quick(redis.options()), m_clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        std::vector<RedisReply> replies;
        const auto keep = [&](const RedisReply &reply) { replies.push_back(reply); };
        client.command({"SET", "a", QByteArray("x\0\r\n", 4)}, this, keep);
        client.command({"GET", "a"}, this, keep);
        client.command({"GET", "b"}, this, keep);
        client.command({"INCR", "n"}, this, keep);
        client.command({"INCR", "a"}, this, keep);
        client.command({"MGET", "n", "none"}, this, keep);
        QVERIFY(replies.empty());
        QCOMPARE(client.commandsInFlight(), size_t(6));
        QTRY_COMPARE(replies.size(), size_t(6));
        QCOMPARE(replies[0].text, QByteArray("OK"));
        QVERIFY(replies[1].type == RedisReply::Type::Text);
        QCOMPARE(replies[1].text, QByteArray("x\0\r\n", 4));
        QVERIFY(replies[2].isNull());
        QCOMPARE(replies[3].integer, 1);
        QCOMPARE(replies[4].errorCode(), QByteArray("ERR"));
        QVERIFY(!replies[4].isOk());
        QVERIFY(replies[5].isArray());
        QCOMPARE(replies[5].elements.at(0).text, QByteArray("1"));
        QVERIFY(replies[5].elements.at(1).isNull());
        QCOMPARE(client.statistics().errors.at("ERR"), quint64(1));
    }

    void manyCommandsGoOutInOneWrite()
    {
        TestRedis redis;
        RedisOptions options = redis.options();
        options.pingInterval = 1min;
        RedisClient client(options, m_clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        const quint64 writes = client.statistics().writes;
        const qint64 reads = statistic(redis, "stats", "total_reads_processed");
        int answers = 0;
        for (int i = 0; i < 1000; ++i)
            client.command({"INCR", "n"}, this, [&](const RedisReply &) { ++answers; });
        QTRY_COMPARE(answers, 1000);
        QCOMPARE(client.statistics().writes, writes + 1);
        QCOMPARE(client.commandsSent(), quint64(1000));
        // 23 bytes each, read by the server 16 KiB at a time; two reads are of statistic() itself.
        QVERIFY(statistic(redis, "stats", "total_reads_processed") - reads <= 6);
        QCOMPARE(redis.command({"GET", "n"}).text, QByteArray("1000"));
    }

    void commandsFailFromTheLoopWhileNotConnected()
    {
        RedisOptions options;
        options.socket = RedisOptions::Socket::Unix;
        options.host = "/nonexistent/redis.sock";
        RedisClient client(quick(options), m_clock);
        client.start();
        std::optional<RedisReply> answer;
        client.command({"PING"}, this, [&](const RedisReply &reply) { answer = reply; });
        QVERIFY(!answer);
        QTRY_VERIFY(answer);
        QVERIFY(answer->type == RedisReply::Type::Failure);
        QVERIFY2(answer->text.startsWith("not connected: "), answer->text);
        QTRY_VERIFY(client.downReason().contains("no such socket"));
    }

    void killedServerFailsWhatIsUnansweredAndIsFoundAgain()
    {
        TestRedis redis;
        RedisClient client(quick(redis.options()), m_clock);
        QSignalSpy up(&client, &RedisClient::up);
        QSignalSpy down(&client, &RedisClient::down);
        client.start();
        QTRY_COMPARE(up.size(), 1);
        std::optional<RedisReply> answer;
        bool wasUpThen = true;
        client.command({"BLPOP", "list", "0"}, this, [&](const RedisReply &reply) {
            answer = reply;
            wasUpThen = client.isUp();
        });
        QTest::qWait(0);
        redis.kill();
        QTRY_COMPARE(down.size(), 1);
        QVERIFY(answer);
        QVERIFY(answer->type == RedisReply::Type::Failure);
        QVERIFY(!wasUpThen);
        QVERIFY(!client.isUp());
        redis.restart(TestRedis::Data::Lost);
        QTRY_COMPARE(up.size(), 2);
        QCOMPARE(ask(client, {"PING"}).text, QByteArray("PONG"));
    }

    void stoppedServerIsNoticedByThePings()
    {
        TestRedis redis;
        RedisClient client(quick(redis.options()), m_clock);
        QSignalSpy up(&client, &RedisClient::up);
        QSignalSpy down(&client, &RedisClient::down);
        client.start();
        QTRY_COMPARE(up.size(), 1);
        QElapsedTimer timer;
        redis.stop();
        timer.start();
        QTRY_COMPARE(down.size(), 1);
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(down.first().first().toString().contains("no answer to PING"));
        // It still accepts: that is not up.
        QTRY_VERIFY(client.downReason().contains("no answer within"));
        QCOMPARE(up.size(), 1);
        redis.resume();
        QTRY_COMPARE(up.size(), 2);
    }

    void wrongPasswordIsSaidOnceAndNeverLogged()
    {
        TestRedis redis({"--requirepass", "right"});
        RedisOptions options = quick(redis.options());
        options.password = "wrong";
        options.refusedBackoff = 20ms;
        static int lines;
        lines = 0;
        const auto previous =
            qInstallMessageHandler([](QtMsgType, const QMessageLogContext &, const QString &text) {
                lines += text.contains("WRONGPASS");
                QVERIFY(!text.contains("wrong"));
            });
        RedisClient client(options, m_clock);
        client.start();
        const bool tried = QTest::qWaitFor(
            [&] { return statistic(redis, "stats", "total_connections_received") > 8; });
        qInstallMessageHandler(previous);
        QVERIFY(tried);
        QCOMPARE(lines, 1);
        QVERIFY(client.downReason().startsWith("WRONGPASS"));
    }

    void missingPasswordIsARefusal()
    {
        TestRedis redis({"--requirepass", "right"});
        RedisOptions options = quick(redis.options());
        options.password.clear();
        RedisClient client(options, m_clock);
        client.start();
        QTRY_VERIFY(client.downReason().startsWith("NOAUTH"));
    }

    void passwordDatabaseAndNameAreSet()
    {
        TestRedis redis({"--requirepass", "right"});
        redis.command({"ACL", "SETUSER", "me", "on", ">pw", "+@all", "~*", "&*"});
        RedisOptions options = quick(redis.options());
        options.username = "me";
        options.password = "pw";
        options.database = 3;
        options.clientName = "rollcall:n1";
        RedisClient client(options, m_clock);
        client.start();
        QTRY_VERIFY2(client.isUp(), qPrintable(client.downReason()));
        const QByteArray info = ask(client, {"CLIENT", "INFO"}).text;
        QVERIFY2(info.contains(" name=rollcall:n1 "), info);
        QVERIFY2(info.contains(" db=3 "), info);
        QVERIFY2(info.contains(" user=me "), info);
    }

    void fullMemoryIsCountedAndSurvived()
    {
        TestRedis redis({"--maxmemory", "1", "--maxmemory-policy", "noeviction"});
        RedisClient client(quick(redis.options()), m_clock);
        QSignalSpy down(&client, &RedisClient::down);
        client.start();
        QTRY_VERIFY(client.isUp());
        QCOMPARE(ask(client, {"SET", "a", "1"}).errorCode(), QByteArray("OOM"));
        client.send({"SET", "b", "1"});
        QCOMPARE(ask(client, {"GET", "a"}).isNull(), true);
        QCOMPARE(client.statistics().errors.at("OOM"), quint64(2));
        QCOMPARE(down.size(), 0);
    }

    void forgottenScriptIsSentAgain()
    {
        TestRedis redis;
        RedisClient client(quick(redis.options()), m_clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        const RedisScript script("return {KEYS[1], ARGV[1], ARGV[2], #KEYS}");
        const std::vector<QByteArrayView> keys{"k"};
        const std::vector<QByteArrayView> arguments{"v", ""};
        for (const bool flush : {false, false, true}) {
            if (flush)
                redis.command({"SCRIPT", "FLUSH"});
            std::optional<RedisReply> answer;
            client.evaluate(script, keys, arguments, this,
                            [&](const RedisReply &reply) { answer = reply; });
            QTRY_VERIFY(answer);
            QVERIFY2(answer->isArray(), answer->text);
            QCOMPARE(answer->elements.at(0).text, QByteArray("k"));
            QCOMPARE(answer->elements.at(1).text, QByteArray("v"));
            QCOMPARE(answer->elements.at(2).text, QByteArray());
            QCOMPARE(answer->elements.at(3).integer, 1);
        }
        const QByteArray statistics = redis.command({"INFO", "commandstats"}).text;
        QVERIFY2(statistics.contains("cmdstat_eval:calls=2,"), statistics);
        QVERIFY2(statistics.contains("cmdstat_evalsha:calls=3,"), statistics);
    }

    void lateReplyIsDroppedAndTheOrderStays()
    {
        TestRedis redis({"--enable-debug-command", "yes"});
        RedisOptions options = quick(redis.options());
        options.pingDeadline = 10s;
        RedisClient client(options, m_clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        std::vector<RedisReply> slow;
        std::optional<RedisReply> next;
        client.command(
            {"DEBUG", "SLEEP", "0.3"}, this,
            [&](const RedisReply &reply) { slow.push_back(reply); }, 50ms);
        client.command({"ECHO", "next"}, this, [&](const RedisReply &reply) { next = reply; });
        QTRY_COMPARE(slow.size(), size_t(1));
        QVERIFY(slow[0].type == RedisReply::Type::Failure);
        QCOMPARE(slow[0].text, QByteArray("timed out"));
        QVERIFY(!next);
        QTRY_VERIFY(next);
        QCOMPARE(next->text, QByteArray("next"));
        QCOMPARE(slow.size(), size_t(1));
        QCOMPARE(client.statistics().timeouts, quint64(1));
        QCOMPARE(ask(client, {"ECHO", "after"}).text, QByteArray("after"));
    }

    void callbackOfADeadContextIsDropped()
    {
        TestRedis redis;
        RedisClient client(quick(redis.options()), m_clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        auto context = std::make_unique<QObject>();
        bool ran = false;
        std::optional<RedisReply> next;
        client.command({"ECHO", "dead"}, context.get(), [&](const RedisReply &) { ran = true; });
        client.command({"ECHO", "next"}, this, [&](const RedisReply &reply) { next = reply; });
        context.reset();
        QTRY_VERIFY(next);
        QCOMPARE(next->text, QByteArray("next"));
        QVERIFY(!ran);
    }

    void callbackMayDestroyTheClient_data()
    {
        QTest::addColumn<bool>("byKill");
        QTest::newRow("reply") << false;
        QTest::newRow("failure") << true;
    }
    void callbackMayDestroyTheClient()
    {
        QFETCH(bool, byKill);
        TestRedis redis;
        auto client = std::make_unique<RedisClient>(quick(redis.options()), m_clock);
        client->start();
        QTRY_VERIFY(client->isUp());
        int runs = 0;
        for (int i = 0; i < 3; ++i) {
            client->command({"BLPOP", "list", byKill ? "0" : "0.01"}, this,
                            [&](const RedisReply &) {
                                ++runs;
                                client.reset();
                            });
        }
        QTest::qWait(0);
        if (byKill)
            redis.kill();
        QTRY_COMPARE(runs, 1);
        QTest::qWait(0);
        QCOMPARE(runs, 1);
    }

    void stoppedClientFailsWhatIsUnansweredAndStartsAgain()
    {
        TestRedis redis;
        RedisClient client(quick(redis.options()), m_clock);
        QSignalSpy down(&client, &RedisClient::down);
        client.start();
        QTRY_VERIFY(client.isUp());
        std::optional<RedisReply> answer;
        client.command({"BLPOP", "list", "0"}, this,
                       [&](const RedisReply &reply) { answer = reply; });
        client.send({"SET", "last", "1"});
        client.stop();
        QVERIFY(answer);
        QVERIFY(answer->type == RedisReply::Type::Failure);
        QVERIFY(!client.isUp());
        QCOMPARE(down.size(), 0);
        QCOMPARE(client.commandsInFlight(), size_t(0));
        client.start();
        QTRY_VERIFY(client.isUp());
    }

    void stopWritesWhatIsWaiting()
    {
        TestRedis redis;
        RedisClient client(quick(redis.options()), m_clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        client.send({"SET", "last", "1"});
        client.stop();
        QTRY_COMPARE(redis.command({"GET", "last"}).text, QByteArray("1"));
    }
};

QTEST_GUILESS_MAIN(tst_RedisClient)
#include "tst_redisclient.moc"

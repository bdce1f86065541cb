// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/manualclock.h"
#include "core/base/metrics.h"
#include "core/redis/redisclient.h"
#include "core/redis/redishub.h"
#include "core/redis/redissubscriber.h"
#include "fakeredis.h"
#include "support/testredis.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <csignal>

using namespace Rollcall;
using namespace std::chrono_literals;

class tst_RedisHub : public QObject
{
    Q_OBJECT
private:
    SystemClock m_clock;
    Metrics m_metrics;

    static RedisConfig configFor(const TestRedis &redis)
    {
        RedisConfig config;
        config.isEmbedded = false;
        config.options = redis.options();
        config.options.pingInterval = 50ms;
        config.options.pingDeadline = 200ms;
        return config;
    }

    static RedisConfig configFor(const FakeRedis &redis)
    {
        RedisConfig config;
        config.isEmbedded = false;
        config.options = redis.options();
        return config;
    }
    /// Answers the inspection; `schema` and `memory` are what a server would say.
    static FakeRedis::Script inspected(const QByteArray &schema, const QByteArrayList &memory = {})
    {
        return [schema, memory](const QByteArrayList &command) -> std::optional<QByteArray> {
            if (command.first() == "TIME")
                return FakeRedis::array({"1800000000", "0"});
            if (command.first() == "GET")
                return schema;
            if (command.first() == "CONFIG")
                return FakeRedis::array(memory);
            return std::nullopt;
        };
    }

private Q_SLOTS:
    void comesUpAndAgainAfterKillAndRestart()
    {
        TestRedis redis;
        RedisHub hub(configFor(redis), m_clock, m_metrics, "n1.1");
        QSignalSpy up(&hub, &RedisHub::up);
        QSignalSpy down(&hub, &RedisHub::down);
        QVERIFY(!hub.isUp());
        QVERIFY(hub.start());
        QVERIFY(hub.isConfigured());
        QTRY_COMPARE(up.size(), 1);
        QVERIFY(hub.isUp());
        QCOMPARE(hub.downReason(), QString());
        QVERIFY(qAbs(hub.clockOffsetMs()) < 1000);
        redis.kill();
        QTRY_COMPARE(down.size(), 1);
        QVERIFY(!hub.downReason().isEmpty());
        redis.restart(TestRedis::Data::Lost);
        QTRY_COMPARE(up.size(), 2);
        QTRY_COMPARE(redis.command({"GET", "rollcall:schema"}).text, QByteArray("1"));
    }

    void whatIsLostWithTheConnectionFindsItDown()
    {
        TestRedis redis;
        RedisHub hub(configFor(redis), m_clock, m_metrics, "n1.1");
        QVERIFY(hub.start());
        QTRY_VERIFY(hub.isUp());
        redis.stop();
        std::optional<bool> wasUp;
        QString reason;
        hub.client()->command({"PING"}, &hub, [&](const RedisReply &) {
            wasUp = hub.isUp();
            reason = hub.downReason();
        });
        redis.kill();
        QTRY_VERIFY(wasUp);
        QVERIFY(!*wasUp);
        QVERIFY(!reason.isEmpty());
    }
    void lossOfEitherConnectionIsALoss_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("commands") << QByteArray("rollcall:n1.1");
        QTest::newRow("subscriptions") << QByteArray("rollcall:n1.1:subscriptions");
    }
    void lossOfEitherConnectionIsALoss()
    {
        QFETCH(QByteArray, name);
        TestRedis redis;
        RedisHub hub(configFor(redis), m_clock, m_metrics, "n1.1");
        QSignalSpy up(&hub, &RedisHub::up);
        QSignalSpy down(&hub, &RedisHub::down);
        QVERIFY(hub.start());
        QTRY_COMPARE(up.size(), 1);
        const QByteArrayList clients = redis.command({"CLIENT", "LIST"}).text.split('\n');
        for (const QByteArray &client : clients) {
            if (client.contains(" name=" + name + ' '))
                redis.command({"CLIENT", "KILL", "ID", client.mid(3, client.indexOf(' ') - 3)});
        }
        QTRY_COMPARE(down.size(), 1);
        QTRY_COMPARE(up.size(), 2);
        QCOMPARE(down.size(), 1);
    }

    void wrongSchemaIsFatal_data()
    {
        QTest::addColumn<QByteArray>("command");
        QTest::addColumn<QString>("reason");
        QTest::newRow("other version") << QByteArray("SET") << "version '99'";
        QTest::newRow("other type") << QByteArray("SADD") << "belongs to something else";
    }
    void wrongSchemaIsFatal()
    {
        QFETCH(QByteArray, command);
        QFETCH(QString, reason);
        TestRedis redis;
        redis.command({command, "app:rollcall:schema", "99"});
        RedisConfig config = configFor(redis);
        config.prefix = "app:";
        RedisHub hub(config, m_clock, m_metrics, "n1.1");
        QSignalSpy up(&hub, &RedisHub::up);
        QSignalSpy fatal(&hub, &RedisHub::fatal);
        QVERIFY(hub.start());
        QTRY_COMPARE(fatal.size(), 1);
        QVERIFY2(hub.fatalReason().contains(reason), qPrintable(hub.fatalReason()));
        QVERIFY(hub.fatalReason().contains("app:rollcall:schema"));
        QCOMPARE(hub.downReason(), hub.fatalReason());
        QCOMPARE(up.size(), 0);
        QVERIFY(!hub.client()->isUp());
        QCOMPARE(redis.command({"TYPE", "app:rollcall:schema"}).text,
                 QByteArray(command == "SET" ? "string" : "set"));
    }

    void evictionIsWarnedOf_data()
    {
        QTest::addColumn<QByteArray>("limit");
        QTest::addColumn<QByteArray>("policy");
        QTest::addColumn<bool>("isWarned");
        QTest::newRow("any key") << QByteArray("1000000") << QByteArray("allkeys-lru") << true;
        QTest::newRow("keys with a TTL")
            << QByteArray("1000000") << QByteArray("volatile-ttl") << true;
        QTest::newRow("none") << QByteArray("1000000") << QByteArray("noeviction") << false;
        QTest::newRow("no limit") << QByteArray("0") << QByteArray("allkeys-lru") << false;
    }
    void evictionIsWarnedOf()
    {
        QFETCH(QByteArray, limit);
        QFETCH(QByteArray, policy);
        QFETCH(bool, isWarned);
        static int warnings;
        warnings = 0;
        FakeRedis redis(inspected("$1\r\n1\r\n", {"maxmemory-policy", policy, "maxmemory", limit}));
        const auto previous = qInstallMessageHandler(
            [](QtMsgType type, const QMessageLogContext &, const QString &text) {
                warnings += type == QtWarningMsg && text.contains("maxmemory-policy");
            });
        ManualClock clock;
        RedisHub hub(configFor(redis), clock, m_metrics, "n1.1");
        const bool started(hub.start());
        const bool isUp = started && QTest::qWaitFor([&] { return hub.isUp(); });
        // Said once, not after every connect.
        redis.closeConnections();
        const bool isDown = QTest::qWaitFor([&] { return !hub.isUp(); });
        clock.advance(500ms);
        const bool isUpAgain = QTest::qWaitFor([&] { return hub.isUp(); });
        qInstallMessageHandler(previous);
        QVERIFY(isUp && isDown && isUpAgain);
        QCOMPARE(warnings, isWarned ? 1 : 0);
    }

    void clockOffsetIsMeasured()
    {
        FakeRedis redis(inspected("$1\r\n1\r\n"));
        ManualClock clock;
        clock.stepWall(std::chrono::milliseconds(1'800'000'000'000 - clock.wallMs() - 7000));
        RedisHub hub(configFor(redis), clock, m_metrics, "n1.1");
        QVERIFY(hub.start());
        QTRY_VERIFY(hub.isUp());
        QCOMPARE(hub.clockOffsetMs(), 7000);
    }

    void serverThatForbidsTheInspectionWillDo()
    {
        FakeRedis redis([](const QByteArrayList &command) -> std::optional<QByteArray> {
            const QByteArrayList forbidden{"TIME", "GET", "CONFIG", "CLIENT"};
            return forbidden.contains(command.first()) ? std::optional<QByteArray>("-NOPERM no\r\n")
                                                       : std::nullopt;
        });
        ManualClock clock;
        RedisHub hub(configFor(redis), clock, m_metrics, "n1.1");
        QVERIFY(hub.start());
        QTRY_VERIFY(hub.isUp());
        QCOMPARE(hub.clockOffsetMs(), 0);
    }

    void inspectionThatGetsNoAnswerIsRepeated()
    {
        FakeRedis redis([](const QByteArrayList &command) -> std::optional<QByteArray> {
            return command.first() == "TIME" ? std::optional<QByteArray>("") : std::nullopt;
        });
        RedisConfig config = configFor(redis);
        config.options.pingInterval = 1h;
        config.options.commandDeadline = 1s;
        ManualClock clock;
        RedisHub hub(config, clock, m_metrics, "n1.1");
        QVERIFY(hub.start());
        QTRY_COMPARE(redis.count("CONFIG"), 1);
        QTest::qWait(0);
        QCOMPARE(hub.downReason(), QString("checking the server"));
        clock.advance(1s);
        clock.advance(500ms);
        QTRY_COMPARE(redis.count("TIME"), 2);
        QVERIFY(!hub.isUp());
    }

    void subscriptionsThatStaySilentAreMadeAnew()
    {
        FakeRedis redis(inspected("$1\r\n1\r\n"));
        RedisConfig config = configFor(redis);
        config.options.pingInterval = 1h;
        ManualClock clock;
        RedisHub hub(config, clock, m_metrics, "n1.1");
        QSignalSpy up(&hub, &RedisHub::up);
        QSignalSpy down(&hub, &RedisHub::down);
        QVERIFY(hub.start());
        QTRY_COMPARE(up.size(), 1);
        clock.advance(29s);
        QTest::qWait(0);
        QCOMPARE(redis.count("PUBLISH"), 0);
        clock.advance(1s);
        QTRY_COMPARE(redis.count("PUBLISH"), 1);
        // It comes back: all is well for another 30 s.
        const QByteArray channel = redis.commands().last().at(1);
        QCOMPARE(channel, QByteArray("rollcall:loopback:n1.1"));
        clock.advance(500ms);
        redis.sayToSubscribers(FakeRedis::array({"message", channel, "loopback"}));
        QTRY_VERIFY(hub.subscriber()->lastMessageAt() == clock.now());
        clock.advance(2s);
        QCOMPARE(down.size(), 0);
        clock.advance(28s);
        QTRY_COMPARE(redis.count("PUBLISH"), 2);
        // It does not come back.
        clock.advance(1999ms);
        QCOMPARE(down.size(), 0);
        clock.advance(1ms);
        QCOMPARE(down.size(), 1);
        QVERIFY(hub.downReason().contains("did not come back"));
        clock.advance(50ms);
        QTRY_COMPARE(up.size(), 2);
    }

    void loopbackComesBackFromARealServer()
    {
        TestRedis redis;
        RedisConfig config = configFor(redis);
        config.loopbackAfter = 100ms;
        config.loopbackDeadline = 500ms;
        RedisHub hub(config, m_clock, m_metrics, "n1.1");
        QSignalSpy down(&hub, &RedisHub::down);
        QVERIFY(hub.start());
        QTRY_VERIFY(
            redis.command({"INFO", "commandstats"}).text.contains("cmdstat_publish:calls=3"));
        QCOMPARE(down.size(), 0);
    }

    void keysAndChannelsHaveThePrefix()
    {
        TestRedis redis;
        RedisConfig config = configFor(redis);
        config.prefix = "app:";
        RedisHub hub(config, m_clock, m_metrics, "n1.1");
        QCOMPARE(hub.key("rooms:occupancy"), QByteArray("app:rooms:occupancy"));
        QVERIFY(hub.start());
        QTRY_VERIFY(hub.isUp());
        QTRY_COMPARE(redis.command({"KEYS", "*"}).elements.size(), size_t(1));
        QCOMPARE(redis.command({"KEYS", "*"}).elements.at(0).text,
                 QByteArray("app:rollcall:schema"));
        QCOMPARE(redis.command({"PUBSUB", "CHANNELS"}).elements.at(0).text,
                 QByteArray("app:rollcall:loopback:n1.1"));
    }

    void withoutAServerProgramTheNodeRunsInMemory()
    {
        RedisConfig config;
        config.serverBinary = "/nonexistent/redis-server";
        RedisHub hub(config, m_clock, m_metrics, "n1.1");
        QTest::ignoreMessage(QtWarningMsg,
                             QRegularExpression("no embedded Redis: .*Running in memory"));
        QVERIFY(hub.start());
        QVERIFY(!hub.isConfigured());
        QVERIFY(!hub.isUp());
        QVERIFY(!hub.client());
        QVERIFY(!hub.subscriber());
        QCOMPARE(hub.embeddedSocketPath(), QString());
        QVERIFY(hub.downReason().contains("in memory"));
        hub.stop();
    }

    void unixPathThatIsTooLongFailsTheStart()
    {
        RedisConfig config;
        config.isEmbedded = false;
        config.options.socket = RedisOptions::Socket::Unix;
        config.options.host = "/tmp/" + QString(120, 'a');
        RedisHub hub(config, m_clock, m_metrics, "n1.1");
        const auto started = hub.start();
        QVERIFY(!started);
        QVERIFY(started.error().logText.contains("125 bytes"));
    }

    void embeddedServerIsStartedAgainAfterKill()
    {
        RedisHub hub(RedisConfig(), m_clock, m_metrics, "n1.1");
        QSignalSpy up(&hub, &RedisHub::up);
        QVERIFY(hub.start());
        QVERIFY(hub.embeddedSocketPath().endsWith(".sock"));
        QTRY_COMPARE(up.size(), 1);
        qint64 pid = 0;
        hub.client()->command({"INFO", "server"}, this, [&](const RedisReply &reply) {
            const qsizetype at = reply.text.indexOf("process_id:") + 11;
            pid = reply.text.mid(at, reply.text.indexOf('\r', at) - at).toLongLong();
        });
        QTRY_VERIFY(pid > 1);
        ::kill(pid_t(pid), SIGKILL);
        QTRY_COMPARE(up.size(), 2);
        QCOMPARE(hub.embeddedRestarts(), quint64(1));
    }

    void stopIsOrderlyAndFinal()
    {
        TestRedis redis;
        RedisHub hub(configFor(redis), m_clock, m_metrics, "n1.1");
        QSignalSpy down(&hub, &RedisHub::down);
        QVERIFY(hub.start());
        QTRY_VERIFY(hub.isUp());
        hub.client()->send({"SET", "last", "words"});
        hub.stop();
        QCOMPARE(down.size(), 1);
        QVERIFY(!hub.isUp());
        QTRY_COMPARE(redis.command({"GET", "last"}).text, QByteArray("words"));
        QTRY_VERIFY(!redis.command({"CLIENT", "LIST"}).text.contains("name=rollcall"));
        hub.stop();
        QCOMPARE(down.size(), 1);
    }

    void metricsTellWhatHappened()
    {
        TestRedis redis;
        Metrics metrics;
        RedisHub hub(configFor(redis), m_clock, metrics, "n1.1");
        QVERIFY(metrics.render().isEmpty());
        QVERIFY(hub.start());
        QTRY_VERIFY(hub.isUp());
        hub.client()->send({"INCR", "rollcall:schema", "too many"});
        QTRY_VERIFY(metrics.render().contains("rollcall_redis_errors_total{code=\"ERR\"} 1"));
        QTRY_VERIFY(!metrics.render().contains("rollcall_redis_round_trip_seconds_count 0"));
        const QByteArray text = metrics.render();
        for (const char *line : {"rollcall_redis_connects_total{connection=\"commands\"} 1",
                                 "rollcall_redis_connects_total{connection=\"subscriptions\"} 1",
                                 "rollcall_redis_up 1", "rollcall_redis_commands_total "})
            QVERIFY2(text.contains(line), line + QByteArray("\n") + text);
        hub.stop();
        QVERIFY(metrics.render().contains("rollcall_redis_up 0"));
    }
};

QTEST_GUILESS_MAIN(tst_RedisHub)
#include "tst_redishub.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/manualclock.h"
#include "core/redis/redissubscriber.h"
#include "fakeredis.h"
#include "support/testredis.h"

#include <QSignalSpy>
#include <QTest>

using namespace Rollcall;
using namespace std::chrono_literals;

class tst_RedisSubscriber : public QObject
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
    static auto keepIn(QByteArrayList &messages)
    {
        return [&messages](const QByteArray &channel, const QByteArray &message) {
            messages.append(channel + '=' + message);
        };
    }

private Q_SLOTS:
    void messagesOfConfirmedChannelsArrive()
    {
        TestRedis redis;
        RedisSubscriber subscriber(quick(redis.options()), m_clock);
        QByteArrayList messages;
        QByteArrayList confirmed;
        subscriber.subscribe("a", this, keepIn(messages), [&] { confirmed.append("a"); });
        subscriber.start();
        QTRY_VERIFY(subscriber.isUp());
        QCOMPARE(confirmed, QByteArrayList({"a"}));
        subscriber.subscribe("b", this, keepIn(messages), [&] { confirmed.append("b"); });
        QTRY_COMPARE(confirmed.size(), 2);
        QCOMPARE(redis.command({"PUBLISH", "a", "1"}).integer, 1);
        QCOMPARE(redis.command({"PUBLISH", "b", QByteArray("\0\r\n", 3)}).integer, 1);
        QCOMPARE(redis.command({"PUBLISH", "c", "3"}).integer, 0);
        QTRY_COMPARE(messages, QByteArrayList({"a=1", QByteArray("b=\0\r\n", 5)}));
    }

    void subscribedConnectionAnswersPings()
    {
        TestRedis redis;
        RedisSubscriber subscriber(quick(redis.options()), m_clock);
        QSignalSpy down(&subscriber, &RedisSubscriber::down);
        subscriber.subscribe("a", this, [](const QByteArray &, const QByteArray &) {});
        subscriber.start();
        QTRY_VERIFY(subscriber.isUp());
        const auto pings = [&] {
            const QByteArray text = redis.command({"INFO", "commandstats"}).text;
            const qsizetype at = text.indexOf("cmdstat_ping:calls=") + 19;
            return text.mid(at, text.indexOf(',', at) - at).toInt();
        };
        QTRY_VERIFY(pings() > 8);
        QCOMPARE(down.size(), 0);
        redis.stop();
        QTRY_COMPARE(down.size(), 1);
        QVERIFY(down.first().first().toString().contains("no answer to PING"));
        redis.resume();
        QTRY_VERIFY(subscriber.isUp());
    }

    void everyChannelIsSubscribedAgainAfterAnOutage()
    {
        TestRedis redis;
        RedisSubscriber subscriber(quick(redis.options()), m_clock);
        QSignalSpy up(&subscriber, &RedisSubscriber::up);
        QByteArrayList messages;
        int confirmed = 0;
        for (int i = 0; i < 1200; ++i)
            subscriber.subscribe("c" + QByteArray::number(i), this, keepIn(messages),
                                 [&] { ++confirmed; });
        subscriber.start();
        QTRY_COMPARE(up.size(), 1);
        QCOMPARE(confirmed, 1200);
        subscriber.unsubscribe("c7", this);
        redis.restart(TestRedis::Data::Lost);
        subscriber.subscribe("new", this, keepIn(messages), [&] { ++confirmed; });
        QTRY_COMPARE(up.size(), 2);
        QCOMPARE(confirmed, 1201);
        // Up means that nothing published from now on is missed.
        for (const char *channel : {"c0", "c7", "c1199", "new"})
            redis.command({"PUBLISH", channel, "x"});
        QTRY_COMPARE(messages, QByteArrayList({"c0=x", "c1199=x", "new=x"}));
    }

    void severalContextsShareAChannel()
    {
        TestRedis redis;
        RedisSubscriber subscriber(quick(redis.options()), m_clock);
        subscriber.start();
        QTRY_VERIFY(subscriber.isUp());
        QByteArrayList first;
        QByteArrayList second;
        int confirmed = 0;
        auto context = std::make_unique<QObject>();
        subscriber.subscribe("a", this, keepIn(first), [&] { ++confirmed; });
        QTRY_COMPARE(confirmed, 1);
        subscriber.subscribe("a", context.get(), keepIn(second), [&] { ++confirmed; });
        QCOMPARE(confirmed, 1);
        QTRY_COMPARE(confirmed, 2);
        redis.command({"PUBLISH", "a", "1"});
        QTRY_COMPARE(second.size(), 1);
        context.reset();
        redis.command({"PUBLISH", "a", "2"});
        QTRY_COMPARE(first, QByteArrayList({"a=1", "a=2"}));
        QCOMPARE(second.size(), 1);
        subscriber.unsubscribe("a", this);
        QTRY_COMPARE(redis.command({"PUBSUB", "NUMSUB", "a"}).elements.at(1).integer, 0);
        QVERIFY(subscriber.isUp());
    }

    void deadContextGivesUpItsChannels()
    {
        TestRedis redis;
        RedisSubscriber subscriber(quick(redis.options()), m_clock);
        subscriber.start();
        auto context = std::make_unique<QObject>();
        for (const char *channel : {"a", "b", "c"})
            subscriber.subscribe(channel, context.get(),
                                 [](const QByteArray &, const QByteArray &) {});
        QTRY_COMPARE(redis.command({"PUBSUB", "CHANNELS"}).elements.size(), size_t(3));
        context.reset();
        QTRY_COMPARE(redis.command({"PUBSUB", "CHANNELS"}).elements.size(), size_t(0));
    }

    void subscribingAgainReplacesTheHandler()
    {
        TestRedis redis;
        RedisSubscriber subscriber(quick(redis.options()), m_clock);
        QByteArrayList first;
        QByteArrayList second;
        subscriber.subscribe("a", this, keepIn(first));
        subscriber.subscribe("a", this, keepIn(second));
        subscriber.start();
        QTRY_VERIFY(subscriber.isUp());
        redis.command({"PUBLISH", "a", "1"});
        QTRY_COMPARE(second.size(), 1);
        QCOMPARE(first.size(), 0);
    }

    void quickChangesOfMindEndWithTheLast()
    {
        TestRedis redis;
        RedisSubscriber subscriber(quick(redis.options()), m_clock);
        subscriber.start();
        QTRY_VERIFY(subscriber.isUp());
        QByteArrayList messages;
        int confirmed = 0;
        for (int i = 0; i < 3; ++i) {
            subscriber.subscribe("a", this, keepIn(messages), [&] { ++confirmed; });
            subscriber.unsubscribe("a", this);
        }
        subscriber.subscribe("a", this, keepIn(messages), [&] { ++confirmed; });
        QTRY_COMPARE(confirmed, 1);
        QCOMPARE(redis.command({"PUBLISH", "a", "1"}).integer, 1);
        QTRY_COMPARE(messages.size(), 1);
        QCOMPARE(confirmed, 1);
    }

    void onlyTheLastAnswerConfirms()
    {
        FakeRedis server;
        ManualClock clock;
        RedisSubscriber subscriber(server.options(), clock);
        subscriber.start();
        QTRY_VERIFY(subscriber.isUp());
        server.setSilent(true);
        int confirmed = 0;
        const auto confirm = [&] { ++confirmed; };
        subscriber.subscribe("a", this, [](const QByteArray &, const QByteArray &) {});
        subscriber.unsubscribe("a", this);
        subscriber.subscribe(
            "a", this, [](const QByteArray &, const QByteArray &) {}, confirm);
        bool isSeen = false;
        subscriber.subscribe("b", this,
                             [&](const QByteArray &, const QByteArray &) { isSeen = true; });
        const QByteArray number = ":1\r\n";
        server.say("*3\r\n" + FakeRedis::array({"subscribe", "a"}).mid(4) + number + "*3\r\n"
                   + FakeRedis::array({"unsubscribe", "a"}).mid(4) + number
                   + FakeRedis::array({"message", "b", "everything before has been read"}));
        QTRY_VERIFY(isSeen);
        QCOMPARE(confirmed, 0);
        server.say("*3\r\n" + FakeRedis::array({"subscribe", "a"}).mid(4) + number);
        QTRY_COMPARE(confirmed, 1);
    }

    void handlerMayUnsubscribeItselfAndOthers()
    {
        TestRedis redis;
        RedisSubscriber subscriber(quick(redis.options()), m_clock);
        QByteArrayList messages;
        auto other = std::make_unique<QObject>();
        subscriber.subscribe("a", this, [&](const QByteArray &channel, const QByteArray &) {
            messages.append("first");
            subscriber.unsubscribe(channel, this);
            other.reset();
        });
        subscriber.subscribe("a", other.get(), keepIn(messages));
        subscriber.start();
        QTRY_VERIFY(subscriber.isUp());
        redis.command({"PUBLISH", "a", "1"});
        QTRY_COMPARE(messages, QByteArrayList({"first"}));
        QTRY_COMPARE(redis.command({"PUBSUB", "CHANNELS"}).elements.size(), size_t(0));
    }

    void handlerMayDestroyTheSubscriber()
    {
        TestRedis redis;
        auto subscriber = std::make_unique<RedisSubscriber>(quick(redis.options()), m_clock);
        int messages = 0;
        subscriber->subscribe("a", this, [&](const QByteArray &, const QByteArray &) {
            ++messages;
            subscriber.reset();
        });
        subscriber->start();
        QTRY_VERIFY(subscriber->isUp());
        redis.command(
            {"EVAL", "redis.call('publish', 'a', '1') redis.call('publish', 'a', '2')", "0"});
        QTRY_COMPARE(messages, 1);
        QTest::qWait(0);
        QCOMPARE(messages, 1);
    }

    void isNotUpBeforeEveryChannelIsConfirmed()
    {
        FakeRedis server([](const QByteArrayList &command) -> std::optional<QByteArray> {
            return command.first() == "SUBSCRIBE" ? std::optional<QByteArray>("") : std::nullopt;
        });
        ManualClock clock;
        RedisSubscriber subscriber(server.options(), clock);
        bool isConfirmed = false;
        subscriber.subscribe(
            "a", this, [](const QByteArray &, const QByteArray &) {}, [&] { isConfirmed = true; });
        subscriber.subscribe("b", this, [](const QByteArray &, const QByteArray &) {});
        subscriber.start();
        QTRY_COMPARE(server.count("SUBSCRIBE"), 1);
        server.say("*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n");
        QTRY_VERIFY(isConfirmed);
        QVERIFY(!subscriber.isUp());
        QCOMPARE(subscriber.downReason(), QString("subscriptions are not confirmed yet"));
        server.say("*3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n");
        QTRY_VERIFY(subscriber.isUp());
    }

    void badAnswerDropsTheConnection_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no permission")
            << QByteArray("-NOPERM this user has no permissions\r\n") << "NOPERM";
        QTest::newRow("unknown kind")
            << FakeRedis::array({"pmessage", "*", "a", "b"}) << "nobody asked for";
        QTest::newRow("not an array") << QByteArray(":1\r\n") << "nobody asked for";
        QTest::newRow("huge") << QByteArray("*2147483647\r\n") << "redis.maxReplyElements";
    }
    void badAnswerDropsTheConnection()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, reason);
        FakeRedis server;
        ManualClock clock;
        RedisSubscriber subscriber(server.options(), clock);
        subscriber.subscribe("a", this, [](const QByteArray &, const QByteArray &) {});
        subscriber.start();
        QTRY_VERIFY(subscriber.isUp());
        server.say(bytes);
        QTRY_VERIFY(!subscriber.isUp());
        QVERIFY2(subscriber.downReason().contains(reason), qPrintable(subscriber.downReason()));
    }

    void strangeMessagesAreHarmless()
    {
        FakeRedis server;
        ManualClock clock;
        RedisSubscriber subscriber(server.options(), clock);
        QByteArrayList messages;
        subscriber.subscribe("a", this, keepIn(messages));
        subscriber.start();
        QTRY_VERIFY(subscriber.isUp());
        server.say(FakeRedis::array({"message", "not mine", "x"})
                   + FakeRedis::array({"subscribe", "a", "x"})
                   + FakeRedis::array({"unsubscribe", "other", "x"})
                   + "*3\r\n$7\r\nmessage\r\n:1\r\n*0\r\n"
                   + FakeRedis::array({"message", "a", "1"}));
        QTRY_COMPARE(messages, QByteArrayList({"a=1"}));
        QVERIFY(subscriber.isUp());
    }

    void unconfirmedSubscriptionIsGivenUpAfterItsDeadline()
    {
        FakeRedis server;
        RedisOptions options = server.options();
        options.pingInterval = 1min;
        ManualClock clock;
        RedisSubscriber subscriber(options, clock);
        subscriber.start();
        QTRY_VERIFY(subscriber.isUp());
        server.setSilent(true);
        subscriber.subscribe("a", this, [](const QByteArray &, const QByteArray &) {});
        QTRY_COMPARE(server.count("SUBSCRIBE"), 1);
        clock.advance(options.commandDeadline - 1ms);
        QVERIFY(subscriber.isUp());
        clock.advance(1ms);
        QVERIFY(subscriber.downReason().contains("not confirmed"));
    }
};

QTEST_GUILESS_MAIN(tst_RedisSubscriber)
#include "tst_redissubscriber.moc"

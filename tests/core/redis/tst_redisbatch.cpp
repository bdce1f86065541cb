// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisbatch.h"

#include "core/redis/redisclient.h"
#include "core/redis/redisoptions.h"
#include "support/testredis.h"

#include <QTest>

using namespace Rollcall;
using namespace std::chrono_literals;

class tst_RedisBatch : public QObject
{
    Q_OBJECT
private:
    SystemClock m_clock;

private Q_SLOTS:
    void commandsAreWrittenAsRedisReadsThem()
    {
        RedisBatch batch;
        QVERIFY(batch.isEmpty());
        batch.begin(4).add("SET").add({"room:", "a", ":b"}).add(QByteArray("x\0\r\n", 4)).add("");
        batch.begin(2).addNumber(-12345).addNumber(0);
        batch.command({"PING"});
        QVERIFY(batch.isComplete());
        QCOMPARE(batch.size(), size_t(3));
        QCOMPARE(batch.bytes(),
                 QByteArray("*4\r\n$3\r\nSET\r\n$8\r\nroom:a:b\r\n$4\r\nx\0\r\n\r\n$0\r\n\r\n"
                            "*2\r\n$6\r\n-12345\r\n$1\r\n0\r\n*1\r\n$4\r\nPING\r\n",
                            80));
    }
    void anArgumentMayBeLongerThanAllBefore()
    {
        RedisBatch batch;
        QByteArray expected;
        for (const qsizetype size : {1, 9, 10, 99, 1000, 100'000, 3}) {
            const QByteArray text(size, 'a');
            batch.command({"ECHO", text});
            expected += "*2\r\n$4\r\nECHO\r\n$" + QByteArray::number(size) + "\r\n" + text + "\r\n";
        }
        QCOMPARE(batch.bytes(), expected);
    }
    void batchesCanBeJoined()
    {
        RedisBatch first;
        first.begin(2).add("ECHO");
        QVERIFY(!first.isComplete());
        const qsizetype at = first.bytes().size();
        first.add("hello");
        RedisBatch second;
        second.begin(2).add("GET").addWritten(QByteArrayView(first.bytes()).sliced(at), 1);
        QVERIFY(second.isComplete());
        QCOMPARE(second.bytes(), QByteArray("*2\r\n$3\r\nGET\r\n$5\r\nhello\r\n"));
        first.append(second);
        QCOMPARE(first.size(), size_t(2));
        QCOMPARE(
            first.bytes(),
            QByteArray("*2\r\n$4\r\nECHO\r\n$5\r\nhello\r\n*2\r\n$3\r\nGET\r\n$5\r\nhello\r\n"));
    }

    void batchIsAnsweredAtOnceAndInOrder()
    {
        TestRedis redis;
        RedisClient client(redis.options(), m_clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        RedisBatch batch;
        batch.command({"SET", "a", "1"}).command({"SADD", "a", "x"}).command({"INCR", "a"});
        std::vector<RedisReply> replies;
        QByteArray order;
        client.command({"GET", "a"}, this, [&](const RedisReply &reply) {
            order += reply.isNull() ? "before " : "late ";
        });
        client.run(batch, this, [&](const std::vector<RedisReply> &answers) {
            replies = answers;
            order += "batch ";
        });
        client.command({"GET", "a"}, this,
                       [&](const RedisReply &reply) { order += "after " + reply.text; });
        QCOMPARE(client.commandsInFlight(), size_t(5));
        QTRY_COMPARE(order, QByteArray("before batch after 2"));
        QCOMPARE(replies.size(), size_t(3));
        QCOMPARE(replies[0].text, QByteArray("OK"));
        QCOMPARE(replies[1].errorCode(), QByteArray("WRONGTYPE"));
        QCOMPARE(replies[2].integer, 2);
        QCOMPARE(client.commandsInFlight(), size_t(0));
        QCOMPARE(client.commandsSent(), quint64(5));
        QCOMPARE(client.statistics().errors.at("WRONGTYPE"), quint64(1));
        auto context = std::make_unique<QObject>();
        client.run(batch, context.get(), [&](const std::vector<RedisReply> &) { order += "dead"; });
        context.reset();
        QTRY_COMPARE(client.commandsInFlight(), size_t(0));
        QCOMPARE(order, QByteArray("before batch after 2"));
    }

    void batchThatIsCutOffFailsFromThereOn()
    {
        TestRedis redis;
        RedisClient client(redis.options(), m_clock); // no PING meanwhile
        client.start();
        QTRY_VERIFY(client.isUp());
        RedisBatch batch;
        batch.command({"SET", "a", "1"}).command({"BLPOP", "list", "0"}).command({"GET", "a"});
        std::vector<RedisReply> replies;
        const auto keep = [&](const std::vector<RedisReply> &answers) { replies = answers; };
        client.run(batch, this, keep);
        QTRY_COMPARE(client.commandsInFlight(), size_t(2));
        redis.kill();
        QTRY_COMPARE(replies.size(), size_t(3));
        QCOMPARE(replies[0].text, QByteArray("OK"));
        QVERIFY(replies[1].type == RedisReply::Type::Failure);
        QVERIFY(replies[2].type == RedisReply::Type::Failure);
        QCOMPARE(client.commandsInFlight(), size_t(0));
        // Nor is it sent while there is no connection.
        replies.clear();
        client.run(batch, this, keep);
        QVERIFY(replies.empty());
        QTRY_COMPARE(replies.size(), size_t(3));
        QVERIFY(replies[0].type == RedisReply::Type::Failure);
    }

    void muchIsWrittenBeforeTheTurnEnds()
    {
        TestRedis redis;
        RedisOptions options = redis.options();
        options.pingInterval = 1min;
        RedisClient client(options, m_clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        const quint64 writes = client.statistics().writes;
        const QByteArray text(1000, 'x');
        int answers = 0;
        for (int i = 0; i < 100; ++i)
            client.command({"SET", "a", text}, this, [&](const RedisReply &) { ++answers; });
        QCOMPARE(client.statistics().writes, writes + 3); // of 32 KiB each
        QCOMPARE(answers, 0);
        QTRY_COMPARE(answers, 100);
        QCOMPARE(client.statistics().writes, writes + 4);
    }
    void connectionThatIsFoundDeadMeanwhileIsLostAfterTheTurn()
    {
        TestRedis redis;
        RedisOptions options = redis.options();
        options.pingInterval = 1min;
        RedisClient client(options, m_clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        redis.kill();
        const QByteArray text(40'000, 'x');
        int failures = 0;
        for (int i = 0; i < 10; ++i)
            client.command({"SET", "a", text}, this,
                           [&](const RedisReply &reply) { failures += !reply.isOk(); });
        QVERIFY(client.isUp()); // nobody was called while the commands were given
        QCOMPARE(failures, 0);
        QTRY_COMPARE(failures, 10);
        QVERIFY(!client.isUp());
    }

    void lateBatchKeepsItsPlace()
    {
        TestRedis redis;
        RedisClient client(redis.options(), m_clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        RedisBatch batch;
        batch.command({"BLPOP", "list", "0"}).command({"ECHO", "batch"});
        std::vector<RedisReply> replies;
        client.run(
            batch, this, [&](const std::vector<RedisReply> &answers) { replies = answers; }, 20ms);
        QByteArray echo;
        client.command({"ECHO", "single"}, this,
                       [&](const RedisReply &reply) { echo = reply.text; });
        QTRY_COMPARE(replies.size(), size_t(2));
        QCOMPARE(replies[0].text, QByteArray("timed out"));
        redis.command({"RPUSH", "list", "x"});
        QTRY_COMPARE(echo, QByteArray("single"));
        QCOMPARE(client.statistics().timeouts, quint64(2));
    }
};

QTEST_GUILESS_MAIN(tst_RedisBatch)
#include "tst_redisbatch.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisreader_p.h"

#include <QTest>

using namespace Rollcall;

class tst_RedisReader : public QObject
{
    Q_OBJECT
private:
    static constexpr qint64 kMaxBytes = 1 << 20;
    static constexpr qint64 kMaxElements = 1000;

    /// Every reply in the bytes, as "Type:text"; arrays as [a,b]. Feeds `step` bytes at a time.
    static QByteArray readAll(RedisReader &reader, const QByteArray &bytes, qsizetype step)
    {
        QByteArray seen;
        for (qsizetype at = 0; at < bytes.size(); at += step) {
            if (!reader.feed(QByteArrayView(bytes).sliced(at, std::min(step, bytes.size() - at))))
                break;
            RedisReply reply;
            while (reader.take(reply))
                seen += describe(reply) + ' ';
        }
        return seen.trimmed();
    }
    static QByteArray describe(const RedisReply &reply)
    {
        switch (reply.type) {
        case RedisReply::Type::Null:
            return "null";
        case RedisReply::Type::Status:
            return '+' + reply.text;
        case RedisReply::Type::Text:
            return '$' + reply.text;
        case RedisReply::Type::Integer:
            return ':' + QByteArray::number(reply.integer);
        case RedisReply::Type::Error:
            return '-' + reply.text;
        case RedisReply::Type::Failure:
            return "failure";
        case RedisReply::Type::Array:
            break;
        }
        QByteArrayList elements;
        for (const RedisReply &element : reply.elements)
            elements.append(describe(element));
        return '[' + elements.join(',') + ']';
    }

private Q_SLOTS:
    void everyTypeIsReadHoweverTheBytesAreCut_data()
    {
        QTest::addColumn<int>("step");
        for (const int step : {1, 2, 3, 7, 1000})
            QTest::addRow("%d", step) << step;
    }
    void everyTypeIsReadHoweverTheBytesAreCut()
    {
        QFETCH(int, step);
        RedisReader reader(kMaxBytes, kMaxElements);
        const QByteArray bytes =
            "+OK\r\n-ERR no\r\n:-7\r\n$3\r\na\r\n\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n"
            "*3\r\n*2\r\n:1\r\n*1\r\n+a\r\n$1\r\nb\r\n*1\r\n$-1\r\n+end\r\n";
        QCOMPARE(readAll(reader, bytes, step),
                 QByteArray("+OK -ERR no :-7 $a\r\n $ null null [] [[:1,[+a]],$b,[null]] +end"));
        QVERIFY(!reader.hasFailed());
    }

    void hostileBytesFailWithAReason_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("reason");
        QTest::newRow("garbage") << QByteArray("HTTP/1.1 400 Bad Request\r\n")
                                 << "not the Redis protocol";
        QTest::newRow("huge array") << QByteArray("*2147483647\r\n") << "redis.maxReplyElements";
        QTest::newRow("larger than int")
            << QByteArray("*99999999999\r\n") << "not the Redis protocol";
        QTest::newRow("negative array") << QByteArray("*-5\r\n") << "not the Redis protocol";
        QTest::newRow("deep nesting")
            << QByteArray("*1\r\n").repeated(10000) << "not the Redis protocol";
        QTest::newRow("arrays in arrays")
            << "*900\r\n*900\r\n" + QByteArray(":1\r\n").repeated(900) + "*900\r\n"
            << "redis.maxReplyElements";
        QTest::newRow("many elements, few announced at a time") << "*600\r\n"
                + QByteArray("*2\r\n:1\r\n:2\r\n").repeated(600) << "redis.maxReplyElements";
        QTest::newRow("large text")
            << "$2000000\r\n" + QByteArray(2000000, 'x') << "redis.maxReplyBytes";
        QTest::newRow("large text announced in terabytes")
            << "$9000000000000\r\n" + QByteArray(2000000, 'x') << "redis.maxReplyBytes";
        QTest::newRow("large in sum")
            << "*900\r\n" + ("$2000\r\n" + QByteArray(2000, 'x') + "\r\n").repeated(900)
            << "redis.maxReplyBytes";
        QTest::newRow("endless line") << '+' + QByteArray(400000, 'x') << "a line without end";
        QTest::newRow("number of letters") << QByteArray(":abc\r\n") << "not the Redis protocol";
        QTest::newRow("text length of letters")
            << QByteArray("$abc\r\n") << "not the Redis protocol";
    }
    void hostileBytesFailWithAReason()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, reason);
        RedisReader reader(kMaxBytes, kMaxElements);
        readAll(reader, bytes, 16 * 1024);
        QVERIFY(reader.hasFailed());
        QVERIFY2(reader.failure().contains(reason), qPrintable(reader.failure()));
        QVERIFY(!reader.feed("+OK\r\n"));
    }

    void capsAreOfOneReplyNotOfTheStream()
    {
        RedisReader reader(kMaxBytes, kMaxElements);
        const QByteArray text = "$500000\r\n" + QByteArray(500000, 'x') + "\r\n";
        const QByteArray elements = "*1000\r\n" + QByteArray(":1\r\n").repeated(1000);
        for (int i = 0; i < 5; ++i)
            QVERIFY(!readAll(reader, text + elements, 16 * 1024).isEmpty());
        QVERIFY(!reader.hasFailed());
    }
};

QTEST_GUILESS_MAIN(tst_RedisReader)
#include "tst_redisreader.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redishashdump.h"

#include "support/testredis.h"

#include <QTest>

using namespace Rollcall;

using Fields = QMap<QByteArray, QByteArray>;

class tst_RedisHashDump : public QObject
{
    Q_OBJECT
private:
    static QByteArray dumpOf(const Fields &fields)
    {
        RedisHashDump dump;
        for (auto it = fields.begin(); it != fields.end(); ++it)
            dump.field(it.key(), it.value());
        return dump.finish().toByteArray();
    }
    Fields read(const QByteArray &key)
    {
        const RedisReply reply = m_redis->command({"HGETALL", key});
        Fields fields;
        for (size_t i = 0; i + 1 < reply.elements.size(); i += 2)
            fields.insert(reply.elements[i].text, reply.elements[i + 1].text);
        return fields;
    }

    std::unique_ptr<TestRedis> m_redis;

private Q_SLOTS:
    void initTestCase()
    {
        // Looks at every byte.
        m_redis = std::make_unique<TestRedis>(QStringList{"--sanitize-dump-payload", "yes"});
    }

    void redisReadsWhatIsWritten_data()
    {
        QTest::addColumn<Fields>("fields");
        QTest::addRow("one") << Fields{{"name", "value"}};
        QTest::addRow("empty value") << Fields{{"name", ""}};
        QTest::addRow("numbers") << Fields{{"1", "-12"}, {"1767225600000", "007"}};
        QTest::addRow("any bytes") << Fields{{QByteArray("\0\r\n\xff", 4), "\xc3\xbc\x80"}};
        // Where the forms of lengths change; with the length before it 16,383 bytes too.
        for (const int size : {63, 64, 123, 124, 125, 126, 127, 128, 4095, 4096, 16'377, 16'378,
                               16'379, 16'383, 16'384, 2'097'146, 2'097'147}) {
            QTest::addRow("%d bytes", size)
                << Fields{{"before", "b"}, {"name", QByteArray(size, 'x')}, {"zlast", "l"}};
        }
        Fields many;
        for (int i = 0; i < 1000; ++i)
            many.insert("field " + QByteArray::number(i), "value " + QByteArray::number(i));
        QTest::addRow("more than Redis keeps in a listpack") << many;
    }
    void redisReadsWhatIsWritten()
    {
        QFETCH(Fields, fields);
        m_redis->command({"DEL", "hash"});
        QCOMPARE(m_redis->command({"RESTORE", "hash", "0", dumpOf(fields)}).text, "OK");
        QCOMPARE(read("hash"), fields);
        QCOMPARE(m_redis->command({"PTTL", "hash"}).integer, -1);
        // Redis goes on with it as with its own.
        fields["name"] = "other";
        fields["new"] = "field";
        m_redis->command({"HSET", "hash", "name", "other", "new", "field"});
        QCOMPARE(read("hash"), fields);
    }
    void aKeyThatIsThereIsKept()
    {
        m_redis->command({"SET", "taken", "mine"});
        QCOMPARE(m_redis->command({"RESTORE", "taken", "0", dumpOf({{"a", "b"}})}).errorCode(),
                 "BUSYKEY");
        QCOMPARE(m_redis->command({"GET", "taken"}).text, "mine");
    }
    void aDeadlineComesWithIt()
    {
        const QByteArray deadline =
            QByteArray::number(QDateTime::currentMSecsSinceEpoch() + 60'000);
        m_redis->command({"RESTORE", "passing", deadline, dumpOf({{"a", "b"}}), "ABSTTL"});
        QCOMPARE(QByteArray::number(m_redis->command({"PEXPIRETIME", "passing"}).integer),
                 deadline);
    }
    void beginsAgain()
    {
        RedisHashDump dump;
        dump.field("a", QByteArray(1000, 'a')).add({"b", ":", "c"}).add({"d"});
        const QByteArray first = dump.finish().toByteArray();
        dump.clear();
        dump.field("e", "f");
        QCOMPARE(dump.finish().toByteArray(), dumpOf({{"e", "f"}}));
        QCOMPARE(first, dumpOf({{"a", QByteArray(1000, 'a')}, {"b:c", "d"}}));
    }
};

QTEST_GUILESS_MAIN(tst_RedisHashDump)
#include "tst_redishashdump.moc"

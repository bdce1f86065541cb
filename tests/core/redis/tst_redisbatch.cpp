// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisbatch.h"

#include <QTest>

using namespace Rollcall;

class tst_RedisBatch : public QObject
{
    Q_OBJECT
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
};

QTEST_APPLESS_MAIN(tst_RedisBatch)
#include "tst_redisbatch.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "networkrecipient.h"
#include "plugins/realtime/roomsdialect.h"
#include "plugins/realtime/turnlog.h"

#include <QTest>

#include <memory>

using namespace Rollcall;
using namespace Rollcall::Realtime;

class tst_TurnLog : public QObject
{
    Q_OBJECT

    struct Fixture
    {
        RoomsDialect codec{ClientLimits()};
        TurnBuffers buffers;
        TurnLog log{buffers};
        std::vector<std::unique_ptr<NetworkRecipient>> people;
        std::vector<Recipient *> waiting;

        NetworkRecipient &add()
        {
            people.push_back(std::make_unique<NetworkRecipient>(people.size() + 1, codec));
            log.add(*people.back());
            return *people.back();
        }
        size_t append(const char *frame, quint64 author = 0)
        {
            return log.append({frame, qstrlen(frame)}, ConnectionId(author));
        }
        void flush() { log.flush(waiting); }
    };

private Q_SLOTS:
    void allReadersGetTheTurnInOneSend()
    {
        Fixture f;
        NetworkRecipient &one = f.add();
        NetworkRecipient &two = f.add();
        QCOMPARE(f.append("abc"), size_t(2));
        QCOMPARE(f.append("de"), size_t(2));
        QCOMPARE(one.written(), QByteArray());
        f.flush();
        QCOMPARE(one.received, QByteArray("abcde"));
        QCOMPARE(two.received, QByteArray("abcde"));
        QCOMPARE(one.sends, 1);
        QCOMPARE(f.log.size(), size_t(0));
        f.flush();
        QCOMPARE(one.sends, 1);
    }
    void authorsDoNotGetTheirOwn_data()
    {
        QTest::addColumn<QList<int>>("authors");
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<QByteArray>("second");
        QTest::newRow("one") << QList<int>{0, 1, 2} << QByteArray("ac") << QByteArray("ab");
        QTest::newRow("first") << QList<int>{1, 0, 0} << QByteArray("bc") << QByteArray("abc");
        QTest::newRow("last") << QList<int>{0, 0, 1} << QByteArray("ab") << QByteArray("abc");
        QTest::newRow("side by side")
            << QList<int>{0, 1, 1, 0} << QByteArray("ad") << QByteArray("abcd");
        QTest::newRow("all") << QList<int>{1, 1} << QByteArray() << QByteArray("ab");
        QTest::newRow("many") << QList<int>{1, 2, 1, 2, 1, 0, 1} << QByteArray("bdf")
                              << QByteArray("acefg");
        QTest::newRow("a stranger") << QList<int>{7, 7} << QByteArray("ab") << QByteArray("ab");
    }
    void authorsDoNotGetTheirOwn()
    {
        QFETCH(QList<int>, authors);
        Fixture f;
        NetworkRecipient &one = f.add();
        NetworkRecipient &two = f.add();
        for (int round = 0; round < 2; ++round) {
            for (qsizetype i = 0; i < authors.size(); ++i) {
                const char frame[] = {char('a' + i), 0};
                const bool isReader = authors[i] == 1 || authors[i] == 2;
                QCOMPARE(f.append(frame, quint64(authors[i])), size_t(isReader ? 1 : 2));
            }
            f.flush();
            QTEST(std::exchange(one.received, {}), "first");
            QTEST(std::exchange(two.received, {}), "second");
        }
    }
    void whatIsDeliveredAloneComesBetween()
    {
        Fixture f;
        NetworkRecipient &one = f.add();
        NetworkRecipient &two = f.add();
        f.append("a");
        f.append("b", 1);
        one.deliver(QByteArrayView("-"));
        f.append("c");
        f.append("d", 1);
        f.flush();
        QCOMPARE(one.received, QByteArray("a-c"));
        QCOMPARE(one.sends, 1);
        QCOMPARE(two.received, QByteArray("abcd"));
    }
    void whoComesInTheMiddleGetsTheRest()
    {
        Fixture f;
        f.add();
        f.append("a");
        NetworkRecipient &late = f.add();
        f.append("b");
        f.flush();
        QCOMPARE(late.received, QByteArray("b"));
        f.append("c");
        f.flush();
        QCOMPARE(late.received, QByteArray("bc"));
    }
    void whoLeavesKeepsWhatWasSettled()
    {
        Fixture f;
        NetworkRecipient &one = f.add();
        NetworkRecipient &two = f.add();
        NetworkRecipient &three = f.add();
        f.append("a", 3);
        one.settle();
        f.log.remove(one);
        QCOMPARE(one.out, QByteArray("a"));
        QVERIFY(!one.log());
        f.append("b", 3);
        f.flush();
        QCOMPARE(one.written(), QByteArray("a"));
        QCOMPARE(two.received, QByteArray("ab"));
        QCOMPARE(three.received, QByteArray());
        QCOMPARE(f.log.readers(), size_t(2));
    }
    void whoDiesIsForgotten()
    {
        Fixture f;
        f.add();
        NetworkRecipient &two = f.add();
        f.append("a");
        f.people.erase(f.people.begin());
        f.append("b", 2);
        f.flush();
        QCOMPARE(two.received, QByteArray("a"));
        QCOMPARE(f.log.readers(), size_t(1));
    }
    void whoHasToWaitLeavesTheLog()
    {
        Fixture f;
        NetworkRecipient &slow = f.add();
        NetworkRecipient &quick = f.add();
        slow.room = 2;
        f.append("abcd");
        f.flush();
        QCOMPARE(f.waiting, std::vector<Recipient *>{&slow});
        QVERIFY(!slow.log());
        QCOMPARE(slow.received, QByteArray("ab"));
        QCOMPARE(slow.out, QByteArray("cd"));
        f.append("e");
        f.flush();
        QCOMPARE(slow.written(), QByteArray("abcd"));
        QCOMPARE(quick.received, QByteArray("abcde"));
    }
    void logOutlivedByItsReaders()
    {
        RoomsDialect codec{ClientLimits()};
        TurnBuffers buffers;
        NetworkRecipient one(1, codec);
        {
            TurnLog log(buffers);
            log.add(one);
            log.append(QByteArrayView("a"));
        }
        QVERIFY(!one.log());
        one.deliver(QByteArrayView("b"));
        QCOMPARE(one.out, QByteArray("b"));
    }
    void buffersAreUsedAgainButNotKeptWithoutEnd()
    {
        TurnBuffers buffers;
        std::string grown(100'000, 'x');
        const char *const place = grown.data();
        buffers.give(std::move(grown));
        const std::string again = buffers.take();
        QVERIFY(again.empty());
        QCOMPARE(again.data(), place);
        QVERIFY(buffers.take().capacity() < 100);
        for (int i = 0; i < 10; ++i)
            buffers.give(std::string(1 << 20, 'x'));
        size_t kept = 0;
        while (buffers.take().capacity() >= 1 << 20)
            ++kept;
        QVERIFY2(kept >= 3 && kept <= 4, qPrintable(QString::number(kept)));
    }
};

QTEST_GUILESS_MAIN(tst_TurnLog)
#include "tst_turnlog.moc"

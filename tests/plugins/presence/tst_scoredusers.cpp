// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/scoredusers.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Presence;

namespace {

ScoredUsers::Entry entry(qint64 score, const QByteArray &name)
{
    return {score, {UserId(name), name, {}, {}}};
}

QByteArray textOf(const std::vector<ScoredUsers::Entry> &entries)
{
    QByteArrayList texts;
    for (const ScoredUsers::Entry &entry : entries)
        texts.append(entry.user.name + QByteArray::number(entry.score));
    return texts.join(' ');
}

} // namespace

class tst_ScoredUsers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theHighestComeFirst_data()
    {
        QTest::addColumn<qint64>("resolution");
        for (const qint64 resolution : {1, 10, 1000})
            QTest::addRow("%lld", resolution) << resolution;
    }
    void theHighestComeFirst()
    {
        QFETCH(qint64, resolution);
        ScoredUsers users(resolution);
        for (const auto &[score, name] :
             {std::pair(25, "a"), {3, "b"}, {25, "c"}, {14, "d"}, {25, "b"}, {4, "e"}})
            users.add(entry(score, name));
        QCOMPARE(textOf(users.takeHighest(2)), "c25 b25");
        QCOMPARE(textOf(users.takeHighest(3)), "a25 d14 e4");
        QVERIFY(!users.isEmpty());
        QCOMPARE(textOf(users.takeHighest(100)), "b3");
        QVERIFY(users.isEmpty());
        QCOMPARE(textOf(users.takeHighest(100)), "");
    }
    void whoComesMeanwhileIsSortedIn()
    {
        ScoredUsers users(10);
        users.add(entry(5, "a"));
        users.add(entry(7, "b"));
        QCOMPARE(textOf(users.takeHighest(1)), "b7");
        users.add(entry(6, "c"));
        users.add(entry(1, "d"));
        users.add(entry(12, "e"));
        QCOMPARE(textOf(users.takeHighest(10)), "e12 c6 a5 d1");
    }
    void allCanBeTaken()
    {
        ScoredUsers users(10);
        users.add(entry(5, "a"));
        users.add(entry(70, "b"));
        QCOMPARE(users.takeAll().size(), size_t(2));
        QVERIFY(users.isEmpty());
        QVERIFY(users.takeAll().empty());
    }
};

QTEST_GUILESS_MAIN(tst_ScoredUsers)
#include "tst_scoredusers.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/manualclock.h"

#include <QTest>

using namespace Rollcall;
using namespace std::chrono_literals;

class tst_ManualClock : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void timersFireInTheOrderOfTheirDeadlines()
    {
        ManualClock clock;
        QByteArray order;
        auto late = clock.createTimer([&] { order += 'b'; });
        auto early = clock.createTimer([&] { order += 'a'; });
        late->startOnce(20ms);
        early->startOnce(10ms);
        clock.advance(9ms);
        QCOMPARE(order, QByteArray());
        clock.advance(11ms);
        QCOMPARE(order, QByteArray("ab"));
    }
    void repeatingTimerSeesItsOwnDeadlineAsNow()
    {
        ManualClock clock;
        const auto start = clock.now();
        std::vector<qint64> at;
        auto timer = clock.createTimer([&] { at.push_back((clock.now() - start) / 1ms); });
        timer->startRepeating(10ms);
        clock.advance(35ms);
        QCOMPARE(at, (std::vector<qint64>{10, 20, 30}));
        timer->stop();
        clock.advance(1s);
        QCOMPARE(at.size(), size_t(3));
    }
    void callbackMayDestroyItsTimer()
    {
        ManualClock clock;
        int runs = 0;
        std::unique_ptr<ClockTimer> timer;
        timer = clock.createTimer([&] {
            ++runs;
            timer.reset();
        });
        timer->startRepeating(1ms);
        clock.advance(5ms);
        QCOMPARE(runs, 1);
    }
    void wallStepsWithoutMovingDeadlines()
    {
        ManualClock clock;
        const auto now = clock.now();
        const qint64 wall = clock.wallMs();
        clock.stepWall(-1h);
        QCOMPARE(clock.wallMs(), wall - 3'600'000);
        QVERIFY(clock.now() == now);
    }
};

QTEST_GUILESS_MAIN(tst_ManualClock)
#include "tst_manualclock.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/manualclock.h"
#include "plugins/realtime/timerwheel.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Realtime;
using namespace std::chrono_literals;

class tst_TimerWheel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void neverEarlyAndAtMostOneStepLate_data()
    {
        QTest::addColumn<int>("ms");
        for (const int ms :
             {0, 1, 99, 100, 101, 250, 999, 25'000, 51'100, 51'200, 51'300, 120'000, 3'600'000})
            QTest::addRow("%d ms", ms) << ms;
    }
    void neverEarlyAndAtMostOneStepLate()
    {
        QFETCH(int, ms);
        ManualClock clock;
        clock.advance(37ms);
        std::vector<TimerWheel::Time> fired;
        TimerWheel wheel(clock, [&](quint64, TimerWheel::Time now) {
            fired.push_back(now);
            return TimerWheel::kNever;
        });
        clock.advance(41ms);
        const auto due = clock.now() + std::chrono::milliseconds(ms);
        wheel.schedule(7, due);
        clock.advance(std::chrono::milliseconds(ms) + 200ms);
        QCOMPARE(fired.size(), size_t(1));
        QVERIFY(fired[0] >= due);
        QVERIFY(fired[0] <= due + 200ms);
    }
    void callbackSaysWhenItIsNextDue()
    {
        ManualClock clock;
        int count = 0;
        TimerWheel wheel(clock, [&](quint64 id, TimerWheel::Time now) {
            if (id != 3)
                return TimerWheel::kNever;
            ++count;
            return now + 1s;
        });
        wheel.schedule(3, clock.now() + 1s);
        wheel.schedule(4, clock.now() + 1s);
        clock.advance(10s);
        QVERIFY(count >= 9 && count <= 10);
    }
    void startsAgainAfterItWasEmpty()
    {
        ManualClock clock;
        int count = 0;
        TimerWheel wheel(clock, [&](quint64, TimerWheel::Time) {
            ++count;
            return TimerWheel::kNever;
        });
        wheel.schedule(1, clock.now() + 1s);
        clock.advance(10min);
        wheel.schedule(1, clock.now() + 1s);
        clock.advance(900ms);
        QCOMPARE(count, 1);
        clock.advance(300ms);
        QCOMPARE(count, 2);
        wheel.schedule(1, TimerWheel::kNever);
        clock.advance(1h);
        QCOMPARE(count, 2);
    }
    void moreMayBeScheduledFromTheCallback()
    {
        ManualClock clock;
        QList<quint64> fired;
        TimerWheel *self = nullptr;
        TimerWheel wheel(clock, [&](quint64 id, TimerWheel::Time now) {
            fired += id;
            if (id < 5)
                self->schedule(id + 1, now);
            return TimerWheel::kNever;
        });
        self = &wheel;
        wheel.schedule(1, clock.now());
        clock.advance(2s);
        QCOMPARE(fired, QList<quint64>({1, 2, 3, 4, 5}));
    }
};

QTEST_GUILESS_MAIN(tst_TimerWheel)
#include "tst_timerwheel.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/manualclock.h"
#include "plugins/presence/deadlinewheel.h"

#include <QTest>

#include <map>
#include <random>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

namespace {

/// A clock that stands still for a while although time goes on: the process was stopped.
class StoppableClock final : public Clock
{
public:
    SteadyTime now() const override { return m_manual.now() + m_skipped; }
    WallTime wallNow() const override { return m_manual.wallNow(); }
    std::unique_ptr<ClockTimer> createTimer(std::function<void()> callback) override
    {
        return m_manual.createTimer(std::move(callback));
    }
    void advance(std::chrono::milliseconds by) { m_manual.advance(by); }
    /// Time passes, and no timer runs.
    void skip(std::chrono::milliseconds by) { m_skipped += by; }

private:
    ManualClock m_manual;
    std::chrono::milliseconds m_skipped{0};
};

} // namespace

class tst_DeadlineWheel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void deadlineIsReportedAfterItNeverBefore_data()
    {
        QTest::addColumn<int>("wait");
        for (const int wait :
             {1, 99, 100, 101, 250, 3'000, 74'999, 75'000, 299'999, 300'001, 21'600'000})
            QTest::addRow("%d ms", wait) << wait;
    }
    void deadlineIsReportedAfterItNeverBefore()
    {
        QFETCH(int, wait);
        ManualClock clock;
        clock.advance(37ms); // off the edge of a bucket
        int reported = 0;
        DeadlineWheel wheel(clock, [&](DeadlineWheel::Key) { ++reported; });
        wheel.set(0, clock.now() + std::chrono::milliseconds(wait));
        clock.advance(std::chrono::milliseconds(wait) - 1ms);
        QCOMPARE(reported, 0);
        clock.advance(1ms + DeadlineWheel::kResolution);
        QCOMPARE(reported, 1);
    }
    void movedDeadlineCounts()
    {
        ManualClock clock;
        std::vector<DeadlineWheel::Key> reported;
        DeadlineWheel wheel(clock, [&](DeadlineWheel::Key key) { reported.push_back(key); });
        wheel.set(0, clock.now() + 1s);
        wheel.set(1, clock.now() + 1s);
        clock.advance(900ms);
        wheel.set(0, clock.now() + 1s); // later
        clock.advance(300ms);
        QCOMPARE(reported, std::vector<DeadlineWheel::Key>{1});
        wheel.set(0, clock.now() + 100ms); // sooner
        clock.advance(200ms);
        QCOMPARE(reported, (std::vector<DeadlineWheel::Key>{1, 0}));
    }
    void clearedKeyIsNotReportedAndMayBeUsedAgain()
    {
        ManualClock clock;
        int reported = 0;
        DeadlineWheel wheel(clock, [&](DeadlineWheel::Key) { ++reported; });
        wheel.set(0, clock.now() + 1s);
        wheel.clear(0);
        wheel.set(0, clock.now() + 1s); // twice in one bucket
        clock.advance(1s + DeadlineWheel::kResolution);
        QCOMPARE(reported, 1);
        wheel.set(0, DeadlineWheel::kNever);
        clock.advance(24h);
        QCOMPARE(reported, 1);
    }
    void handlerMaySetAndClearWhileItRuns()
    {
        ManualClock clock;
        std::vector<DeadlineWheel::Key> reported;
        DeadlineWheel *wheel = nullptr;
        DeadlineWheel actual(clock, [&](DeadlineWheel::Key key) {
            reported.push_back(key);
            if (key == 0) {
                wheel->clear(1);
                wheel->set(100, clock.now() + 50ms);
            }
        });
        wheel = &actual;
        wheel->set(0, clock.now() + 1s);
        wheel->set(1, clock.now() + 1s);
        clock.advance(2s);
        QCOMPARE(reported, (std::vector<DeadlineWheel::Key>{0, 100}));
    }
    void stoppedProcessReadsItsInputBeforeItExpiresAnybody()
    {
        StoppableClock clock;
        int reported = 0;
        DeadlineWheel wheel(clock, [&](DeadlineWheel::Key) { ++reported; });
        wheel.set(0, clock.now() + 3s);
        wheel.set(1, clock.now() + 3s);
        clock.skip(8s);
        clock.advance(3s); // the timer fires 8 s late
        QCOMPARE(reported, 0);
        wheel.set(0, clock.now() + 3s); // a heartbeat that was waiting in the socket
        clock.advance(DeadlineWheel::kStallPause);
        QCOMPARE(reported, 1);
        clock.advance(3s + DeadlineWheel::kResolution);
        QCOMPARE(reported, 2);
    }
    void manyRandomDeadlinesKeepTheBounds()
    {
        const auto seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        ManualClock clock;
        std::map<DeadlineWheel::Key, Clock::SteadyTime> expected;
        DeadlineWheel wheel(clock, [&](DeadlineWheel::Key key) {
            QVERIFY(expected.contains(key));
            QVERIFY(clock.now() >= expected[key]);
            QVERIFY(clock.now() - expected[key] <= DeadlineWheel::kResolution);
            expected.erase(key);
        });
        for (int i = 0; i < 20'000; ++i) {
            const DeadlineWheel::Key key = random() % 500;
            if (random() % 4 == 0) {
                wheel.clear(key);
                expected.erase(key);
            } else {
                expected[key] = clock.now() + std::chrono::milliseconds(random() % 5'000 + 1);
                wheel.set(key, expected[key]);
            }
            clock.advance(std::chrono::milliseconds(random() % 30));
            if (QTest::currentTestFailed())
                return;
        }
        clock.advance(6s);
        QVERIFY(expected.empty());
    }
};

QTEST_GUILESS_MAIN(tst_DeadlineWheel)
#include "tst_deadlinewheel.moc"

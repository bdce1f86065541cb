// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/ratelimiter.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Realtime;
using namespace std::chrono_literals;

class tst_RateLimiter : public QObject
{
    Q_OBJECT

    RateLimits m_limits;
    RateLimiter::Time m_now{1h};

    int allowed(RateLimiter &limiter, int count, RateKind kind = RateKind::Chat,
                DeviceType device = DeviceType::Desktop)
    {
        int passed = 0;
        for (int i = 0; i < count; ++i)
            passed += limiter.allow(kind, m_limits, device, m_now);
        return passed;
    }

private Q_SLOTS:
    void init()
    {
        m_limits = {};
        m_limits.byKind[size_t(RateKind::Chat)] = {5, 10};
        m_limits.byKind[size_t(RateKind::Transform)] = {20, 20};
        m_limits.mobileTransform = {15, 15};
    }
    void burstPassesAtOnceAndThenTheRate()
    {
        RateLimiter limiter;
        QCOMPARE(allowed(limiter, 50), 10);
        m_now += 1s;
        QCOMPARE(allowed(limiter, 50), 5);
        m_now += 200ms;
        QCOMPARE(allowed(limiter, 50), 1);
        m_now += 1h;
        QCOMPARE(allowed(limiter, 50), 10);
        QCOMPARE(limiter.takeDropped(RateKind::Chat), 174u);
        QCOMPARE(limiter.takeDropped(RateKind::Chat), 0u);
    }
    void closedBucketLetsNothingThroughUntilItOpensEmpty()
    {
        RateLimiter limiter;
        QCOMPARE(allowed(limiter, 3), 3);
        limiter.close(RateKind::Chat, m_limits, DeviceType::Desktop, m_now, m_now + 600ms);
        QVERIFY(limiter.isClosed(RateKind::Chat, m_now));
        QCOMPARE(allowed(limiter, 3), 0);
        QCOMPARE(allowed(limiter, 3, RateKind::Transform), 3); // each kind on its own
        m_now += 599ms;
        QCOMPARE(allowed(limiter, 3), 0);
        m_now += 200ms;
        QVERIFY(!limiter.isClosed(RateKind::Chat, m_now));
        QCOMPARE(allowed(limiter, 10), 1);
        QCOMPARE(limiter.takeDropped(RateKind::Chat), 15u);
    }
    void steadySenderAtTheLimitLosesNothing()
    {
        RateLimiter limiter;
        int passed = 0;
        for (int i = 0; i < 200; ++i) {
            passed += allowed(limiter, 1, RateKind::Transform);
            m_now += i % 2 == 0 ? 30ms : 70ms; // 20 per second, unevenly
        }
        QCOMPARE(passed, 200);
    }
    void kindsDoNotShareAndMobilesMoveLess()
    {
        RateLimiter limiter;
        QCOMPARE(allowed(limiter, 50), 10);
        QCOMPARE(allowed(limiter, 50, RateKind::Transform), 20);
        RateLimiter mobile;
        QCOMPARE(allowed(mobile, 50, RateKind::Transform, DeviceType::Mobile), 15);
        QCOMPARE(allowed(mobile, 50, RateKind::Chat, DeviceType::Mobile), 10);
    }
    void zeroIsNoLimit()
    {
        RateLimiter limiter;
        QCOMPARE(allowed(limiter, 100'000, RateKind::Heartbeat), 100'000);
        QVERIFY(!limiter.isAbusive());
    }
    void raisedLimitHelpsAtOnce()
    {
        m_limits.byKind[size_t(RateKind::Chat)] = {0.001, 5};
        RateLimiter limiter;
        QCOMPARE(allowed(limiter, 50), 5);
        m_limits.byKind[size_t(RateKind::Chat)] = {1000, 1000};
        QCOMPARE(allowed(limiter, 1), 0); // the bucket is empty
        m_now += 1s;
        QCOMPARE(allowed(limiter, 2000), 1000);
    }
    void abuseIsTenTimesTheLimitForTenSeconds_data()
    {
        QTest::addColumn<int>("perSecond");
        QTest::addColumn<int>("seconds");
        QTest::addColumn<bool>("isAbusive");
        QTest::newRow("long enough") << 60 << 12 << true;
        QTest::newRow("not fast enough") << 40 << 60 << false;
        QTest::newRow("not long enough") << 60 << 9 << false;
    }
    void abuseIsTenTimesTheLimitForTenSeconds()
    {
        QFETCH(int, perSecond);
        QFETCH(int, seconds);
        QFETCH(bool, isAbusive);
        RateLimiter limiter;
        for (int i = 0; i < perSecond * seconds; ++i) {
            allowed(limiter, 1);
            m_now += std::chrono::microseconds(1'000'000 / perSecond);
        }
        QCOMPARE(limiter.isAbusive(), isAbusive);
    }
    void pauseForgivesAbuse()
    {
        RateLimiter limiter;
        for (int round = 0; round < 5; ++round) {
            for (int i = 0; i < 60 * 8; ++i) {
                allowed(limiter, 1);
                m_now += std::chrono::microseconds(16'666);
            }
            m_now += 3s;
        }
        QVERIFY(!limiter.isAbusive());
    }
};

QTEST_GUILESS_MAIN(tst_RateLimiter)
#include "tst_ratelimiter.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/addressrates.h"

#include "core/base/manualclock.h"

#include <QTest>

using namespace Rollcall;
using namespace std::chrono_literals;

namespace {

const QHostAddress kAlice(QStringLiteral("192.0.2.1"));
const QHostAddress kBob(QStringLiteral("192.0.2.2"));

} // namespace

class tst_AddressRates : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aBurstPassesAndThenTheRate()
    {
        ManualClock clock;
        AddressRates rates(clock);
        rates.setRate({.perSecond = 2, .burst = 3});
        for (int i = 0; i < 3; ++i)
            QVERIFY(!rates.take(kAlice));
        QCOMPARE(rates.take(kAlice), 500ms);
        QVERIFY(!rates.take(kBob)); // has a bucket of his own
        clock.advance(499ms);
        QCOMPARE(rates.take(kAlice), 1ms);
        clock.advance(1ms);
        QVERIFY(!rates.take(kAlice));
        QVERIFY(rates.take(kAlice));
        clock.advance(1h); // no more than the burst is saved up
        for (int i = 0; i < 3; ++i)
            QVERIFY(!rates.take(kAlice));
        QVERIFY(rates.take(kAlice));
    }
    void withoutARateNobodyIsRefused()
    {
        ManualClock clock;
        AddressRates rates(clock);
        for (int i = 0; i < 1000; ++i)
            QVERIFY(!rates.take(kAlice));
        QCOMPARE(rates.addresses(), 0);
    }
    void networksAreOneAddress()
    {
        ManualClock clock;
        AddressRates rates(clock);
        rates.setRate({.perSecond = 1, .burst = 1});
        QVERIFY(!rates.take(QHostAddress(QStringLiteral("2001:db8:1:2::1"))));
        QVERIFY(rates.take(QHostAddress(QStringLiteral("2001:db8:1:2:ffff::9"))));
        QVERIFY(!rates.take(QHostAddress(QStringLiteral("2001:db8:1:3::1"))));
        QVERIFY(!rates.take(kAlice));
        QVERIFY(rates.take(QHostAddress(QStringLiteral("::ffff:192.0.2.1"))));
        for (int i = 0; i < 10; ++i)
            QVERIFY(!rates.take(QHostAddress()));
    }
    void whatIsFullAgainIsForgottenAndMemoryIsBounded()
    {
        ManualClock clock;
        AddressRates rates(clock);
        rates.setRate({.perSecond = 1, .burst = 1});
        for (quint32 i = 0; i < 5000; ++i)
            rates.take(QHostAddress(0x0a000000 + i));
        QCOMPARE(rates.addresses(), 5000);
        clock.advance(2s);
        for (quint32 i = 0; i < 5000; ++i)
            rates.take(QHostAddress(0x0b000000 + i));
        QVERIFY2(rates.addresses() <= 8192, qPrintable(QString::number(rates.addresses())));
        for (quint32 i = 0; i < 2 * quint32(AddressRates::kMaxAddresses); ++i)
            rates.take(QHostAddress(0x0c000000 + i));
        QVERIFY(rates.addresses() <= AddressRates::kMaxAddresses);
    }
};

QTEST_GUILESS_MAIN(tst_AddressRates)
#include "tst_addressrates.moc"

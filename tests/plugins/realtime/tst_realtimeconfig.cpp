// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/realtimeconfig.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Realtime;
using namespace std::chrono_literals;

class tst_RealtimeConfig : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void defaultsAreThoseOfTheProtocol()
    {
        Configuration configuration;
        const RealtimeConfig config = RealtimeConfig::read(configuration);
        configuration.finish();
        QCOMPARE(configuration.errors(), QStringList());
        QCOMPARE(config.pingInterval, 25s);
        QCOMPARE(config.pongDeadline, 10s);
        QCOMPARE(config.session.message, size_t(4096));
        QCOMPARE(config.rates.of(RateKind::Transform, DeviceType::Vr).perSecond, 20.0);
        QCOMPARE(config.rates.of(RateKind::Transform, DeviceType::Mobile).perSecond, 15.0);
        QCOMPARE(config.rates.of(RateKind::Chat, DeviceType::Mobile).perSecond, 5.0);
        QCOMPARE(config.rates.of(RateKind::Chat, DeviceType::Mobile).burst, 10);
        QVERIFY(!config.notifiesRateLimit);
        for (const Setting &setting : configuration.settings())
            QVERIFY2(!setting.help.isEmpty(), qPrintable(setting.name));
    }
    void everythingCanBeSet()
    {
        Configuration configuration;
        configuration.loadText(
            "[realtime]\npingInterval = \"0\"\nauthDeadline = \"1s\"\n"
            "[limits]\ntransformsPerSecond = 0\nchatBurst = 3\nmessageBytes = \"8KiB\"\n"
            "[rateLimit]\nnotify = true\n",
            "t.toml");
        QProcessEnvironment environment;
        environment.insert("REALTIME_RATE_LIMIT_DEBUG", "true");
        configuration.setEnvironment(environment);
        const RealtimeConfig config = RealtimeConfig::read(configuration);
        configuration.finish();
        QCOMPARE(configuration.errors(), QStringList());
        QCOMPARE(config.pingInterval, 0ms);
        QCOMPARE(config.authDeadline, 1s);
        QCOMPARE(config.rates.of(RateKind::Transform, DeviceType::Desktop).perSecond, 0.0);
        QCOMPARE(config.rates.of(RateKind::Chat, DeviceType::Desktop).burst, 3);
        QCOMPARE(config.session.message, size_t(8192));
        QVERIFY(config.notifiesRateLimit);
        QVERIFY(config.explainsDrops);
    }
    void marksThatDoNotFitTogetherAreAnError()
    {
        Configuration configuration;
        configuration.set("realtime.closeHighWater=8KiB");
        RealtimeConfig::read(configuration);
        QCOMPARE(configuration.errors().size(), 1);
        QVERIFY(configuration.errors()[0].contains("realtime.closeHighWater"));
    }
};

QTEST_GUILESS_MAIN(tst_RealtimeConfig)
#include "tst_realtimeconfig.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/configuration.h"
#include "plugins/presence/presenceconfig.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

class tst_PresenceConfig : public QObject
{
    Q_OBJECT
private:
    static PresenceConfig read(Configuration &configuration, const QByteArray &toml,
                               const QMap<QString, QString> &environment = {})
    {
        QProcessEnvironment variables;
        for (auto it = environment.begin(); it != environment.end(); ++it)
            variables.insert(it.key(), it.value());
        configuration.loadText(toml, QStringLiteral("test.toml"));
        configuration.setEnvironment(variables);
        const PresenceConfig config = PresenceConfig::read(configuration);
        configuration.finish();
        return config;
    }

private Q_SLOTS:
    void dialectsHaveTheirOwnDefaults()
    {
        Configuration configuration;
        const PresenceConfig config = read(configuration, "");
        QCOMPARE(configuration.errors(), QStringList());
        QCOMPARE(config.timesOf(Dialect::Rooms).heartbeat, 25s);
        QCOMPARE(config.timesOf(Dialect::Rooms).ttl, 75s);
        QCOMPARE(config.timesOf(Dialect::Rooms).grace, 15s);
        QCOMPARE(config.timesOf(Dialect::Pages).ttl, 60s);
        QCOMPARE(config.timesOf(Dialect::VoicePing).grace, 0s);
        QCOMPARE(config.timesOf(Dialect::SocketIo).ttl, 6h);
        QVERIFY(config.enabled);
    }
    void sharedTimesReachAllDialectsButSocketIo()
    {
        Configuration configuration;
        const PresenceConfig config =
            read(configuration, "[presence]\nttl = \"3s\"\ngrace = \"2s\"\npages.ttl = \"9s\"\n");
        QCOMPARE(configuration.errors(), QStringList());
        QCOMPARE(config.timesOf(Dialect::Rooms).ttl, 3s);
        QCOMPARE(config.timesOf(Dialect::Rooms).heartbeat, 1s); // on time although nobody set it
        QCOMPARE(config.timesOf(Dialect::VoicePing).grace, 2s);
        QCOMPARE(config.timesOf(Dialect::Pages).ttl, 9s);
        QCOMPARE(config.timesOf(Dialect::SocketIo).ttl, 6h);
        QCOMPARE(config.timesOf(Dialect::SocketIo).grace, 15s);
    }
    void knownEnvironmentNamesWork_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<int>("ttlMs");
        QTest::addRow("milliseconds") << "PRESENCE_TTL_MS"
                                      << "4500" << 4500;
        QTest::addRow("seconds") << "PRESENCE_TTL"
                                 << "90" << 90'000;
    }
    void knownEnvironmentNamesWork()
    {
        QFETCH(QString, name);
        QFETCH(QString, value);
        QFETCH(int, ttlMs);
        Configuration configuration;
        const PresenceConfig config =
            read(configuration, "",
                 {{name, value},
                  {QStringLiteral("PRESENCE_HEARTBEAT_INTERVAL_MS"), QStringLiteral("700")},
                  {QStringLiteral("PRESENCE_ENABLED"), QStringLiteral("false")}});
        QCOMPARE(configuration.errors(), QStringList());
        QCOMPARE(config.timesOf(Dialect::Rooms).ttl.count(), ttlMs);
        QCOMPARE(config.timesOf(Dialect::Rooms).heartbeat, 700ms);
        QVERIFY(!config.enabled);
    }
    void heartbeatThatOutlastsItsTtlIsAnError_data()
    {
        QTest::addColumn<QByteArray>("toml");
        QTest::addRow("shared") << QByteArray("[presence]\nheartbeat = \"10s\"\nttl = \"10s\"\n");
        QTest::addRow("dialect") << QByteArray("[presence]\nrooms.heartbeat = \"80s\"\n");
        QTest::addRow("lease") << QByteArray(
            "[presence]\nlease = \"1s\"\nleaseInterval = \"600ms\"\n");
    }
    void heartbeatThatOutlastsItsTtlIsAnError()
    {
        QFETCH(QByteArray, toml);
        Configuration configuration;
        read(configuration, toml);
        QCOMPARE(configuration.errors().size(), 1);
    }
};

QTEST_GUILESS_MAIN(tst_PresenceConfig)
#include "tst_presenceconfig.moc"

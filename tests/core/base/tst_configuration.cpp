// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/configuration.h"

#include <QTest>

using namespace Rollcall;
using namespace std::chrono_literals;

class tst_Configuration : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void commandLineWinsOverEnvironmentOverFile()
    {
        Configuration configuration;
        configuration.loadText("[presence]\nttl = \"10s\"\ngrace = \"1s\"\nbeat = \"2s\"\n",
                               "a.toml");
        QProcessEnvironment environment;
        environment.insert("ROLLCALL_PRESENCE_TTL", "20s");
        environment.insert("ROLLCALL_PRESENCE_GRACE", "5s");
        configuration.setEnvironment(environment);
        configuration.set("presence.ttl=30s");
        ConfigurationReader reader(configuration, "presence");
        QCOMPARE(reader.duration("ttl", {}), 30s);
        QCOMPARE(reader.duration("grace", {}), 5s);
        QCOMPARE(reader.duration("beat", {}), 2s);
        configuration.finish();
        QCOMPARE(configuration.errors(), QStringList());
        QCOMPARE(configuration.settings().value("presence.ttl").source,
                 QString("--set presence.ttl"));
    }

    void everyProblemIsReportedWithItsPlace()
    {
        Configuration configuration;
        configuration.loadText(
            "[edge]\nport = 99999\nhost = 5\nprot = 1\n[edge.tls]\ncert = true\n", "b.toml");
        configuration.set("edge.timeout=15");
        configuration.set("nonsense");
        ConfigurationReader reader(configuration, "edge");
        QCOMPARE(reader.integer("port", {.fallback = 8080, .max = 65535}), 8080);
        QCOMPARE(reader.text("host", {.fallback = "::1"}), QString("::1"));
        QCOMPARE(reader.duration("timeout", {.fallback = 1s}), 1s);
        configuration.finish();
        const QStringList expected{
            "--set nonsense: expected section.key=value",
            "b.toml:2: edge.port: must be from 0 to 65535",
            "b.toml:3: edge.host: expected a text in quotes",
            "--set edge.timeout: edge.timeout: expected a duration with its unit, as \"250ms\", "
            "\"15s\" or \"6h\"",
            "b.toml:4: unknown setting 'edge.prot'",
            "b.toml:6: unknown setting 'edge.tls.cert'",
        };
        QCOMPARE(configuration.errors(), expected);
    }

    void syntaxErrorNamesTheLine()
    {
        Configuration configuration;
        configuration.loadText("[a]\nb = = 1\n", "c.toml");
        QCOMPARE(configuration.errors().size(), 1);
        QVERIFY2(configuration.errors().first().startsWith("c.toml:2: "),
                 qPrintable(configuration.errors().first()));
    }

    void millisecondsVariableWinsAndDisagreementIsAnError()
    {
        const std::vector<EnvironmentName> names{{"PRESENCE_TTL_MS", 1ms}, {"PRESENCE_TTL", 1s}};
        QProcessEnvironment environment;
        environment.insert("PRESENCE_TTL", "60");
        {
            Configuration configuration;
            configuration.setEnvironment(environment);
            ConfigurationReader reader(configuration, "presence");
            QCOMPARE(reader.duration("ttl", {.environment = names}), 60s);
        }
        environment.insert("PRESENCE_TTL_MS", "60000");
        {
            Configuration configuration;
            configuration.setEnvironment(environment);
            ConfigurationReader reader(configuration, "presence");
            QCOMPARE(reader.duration("ttl", {.environment = names}), 60s);
            QCOMPARE(configuration.errors(), QStringList());
        }
        environment.insert("PRESENCE_TTL_MS", "50000");
        {
            Configuration configuration;
            configuration.setEnvironment(environment);
            ConfigurationReader reader(configuration, "presence");
            QCOMPARE(reader.duration("ttl", {.environment = names}), 50s);
            QCOMPARE(configuration.errors(),
                     QStringList(
                         "environment: PRESENCE_TTL_MS and PRESENCE_TTL disagree (presence.ttl)"));
        }
    }

    void durations_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("ms");
        QTest::newRow("ms") << "250ms" << qint64(250);
        QTest::newRow("fraction") << "1.5s" << qint64(1500);
        QTest::newRow("hours") << "6h" << qint64(21'600'000);
        QTest::newRow("zero needs no unit") << "0" << qint64(0);
        QTest::newRow("no unit") << "15" << qint64(-1);
        QTest::newRow("unknown unit") << "15x" << qint64(-1);
        QTest::newRow("negative") << "-15s" << qint64(-1);
        QTest::newRow("nan") << "nan" << qint64(-1);
        QTest::newRow("huge") << "99999999999999999999d" << qint64(-1);
        QTest::newRow("empty") << "" << qint64(-1);
    }
    void durations()
    {
        QFETCH(QString, text);
        QFETCH(qint64, ms);
        Configuration configuration;
        configuration.set("a.b=" + text);
        ConfigurationReader reader(configuration, "a");
        QCOMPARE(reader.duration("b", {.fallback = -1ms, .min = -1ms}).count(), ms);
        QCOMPARE(configuration.errors().isEmpty(), ms >= 0);
    }

    void listsMapsAndTablesAreRead()
    {
        Configuration configuration;
        configuration.loadText("[plugins]\npath = [\"a\", \"b\"]\n[plugins.provider]\nX = \"y\"\n"
                               "[[rooms.room]]\nid = \"r1\"\ncapacity = 3\n",
                               "d.toml");
        configuration.set("plugins.provider.Z=w");
        ConfigurationReader plugins(configuration, "plugins");
        QCOMPARE(plugins.list("path", {}), QStringList({"a", "b"}));
        QCOMPARE(plugins.map("provider", OnReload::NeedsRestart, {}),
                 (QMap<QString, QString>{{"X", "y"}, {"Z", "w"}}));
        ConfigurationReader rooms(configuration, "rooms");
        const QJsonArray tables = rooms.tables("room", OnReload::Applied, {});
        QCOMPARE(tables.size(), 1);
        QCOMPARE(tables.at(0)["capacity"].toInt(), 3);
        configuration.finish();
        QCOMPARE(configuration.errors(), QStringList());
    }

    void secretsAreMaskedButStillCompared()
    {
        Configuration before;
        before.set("auth.secret=aaa");
        ConfigurationReader(before, "auth").text("secret", {.secret = true});
        Configuration after;
        after.set("auth.secret=bbb");
        ConfigurationReader(after, "auth").text("secret", {.secret = true});
        QCOMPARE(before.settings().value("auth.secret").value, QString("********"));
        QCOMPARE(Configuration::differences(before, after), QStringList("auth.secret"));
    }
};

QTEST_GUILESS_MAIN(tst_Configuration)
#include "tst_configuration.moc"

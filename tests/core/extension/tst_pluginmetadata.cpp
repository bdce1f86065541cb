// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/pluginmetadata.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Rollcall;

namespace {

QJsonObject parsed(const char *json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    Q_ASSERT(document.isObject());
    return document.object();
}

} // namespace

class tst_PluginMetaData : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everythingIsRead()
    {
        const auto data = PluginMetaData::fromJson(parsed(R"({
            "Id": "voice-relay", "Name": "Voice", "Version": "2.3.4", "CompatVersion": "2.1",
            "Description": "Relays voice", "Provides": ["VoiceService"], "ConfigurationSections": ["voice"],
            "Dependencies": [{"Name": "PresenceService", "Version": "0.1.0"},
                             {"Name": "rooms", "Type": "optional"}],
            "Commands": [{"Name": "voice", "Description": "Listens"}],
            "X-Vendor": {"anything": 1}})"));
        QVERIFY2(data, data ? "" : qPrintable(data.error().logText));
        QCOMPARE(data->id, QString("voice-relay"));
        QCOMPARE(data->version, QVersionNumber(2, 3, 4));
        QCOMPARE(data->compatVersion, QVersionNumber(2, 1));
        QCOMPARE(data->provides, QStringList("VoiceService"));
        QCOMPARE(data->configurationSections, QStringList("voice"));
        QCOMPARE(data->dependencies.size(), size_t(2));
        QCOMPARE(data->dependencies[0].type, PluginDependency::Type::Required);
        QCOMPARE(data->dependencies[1].type, PluginDependency::Type::Optional);
        QVERIFY(data->dependencies[1].version.isNull());
        QCOMPARE(data->commands.size(), size_t(1));
        QCOMPARE(data->commands[0].name, QString("voice"));
        QCOMPARE(data->commands[0].description, QString("Listens"));
    }

    void wrongCommandsAreReported()
    {
        const auto data = PluginMetaData::fromJson(parsed(R"({
            "Id": "voice", "Name": "Voice", "Version": "1.0", "Description": "Relays voice",
            "Commands": [{"Name": "Voice", "Description": "x"}, {"Name": "a"}, {"Name": "b", "Description": "x"},
                         {"Name": "b", "Description": "y", "Why": 1}]})"));
        QVERIFY(!data);
        for (const char *part : {"Commands: Name \"Voice\"", "Commands: Description must be",
                                 "\"b\" is there twice", "Commands: unknown member \"Why\""}) {
            QVERIFY2(data.error().logText.contains(QLatin1String(part)),
                     qPrintable(part + data.error().logText));
        }
    }

    void everyProblemIsReported()
    {
        const auto data = PluginMetaData::fromJson(parsed(R"({
            "Id": "Voice", "Name": " ", "Version": "1.x", "Provides": "VoiceService", "Dependancies": [],
            "ConfigurationSections": ["a b"],
            "Dependencies": [{"Version": "1.0"}, {"Name": "A", "Type": "maybe", "Why": 1}, 7]})"));
        QVERIFY(!data);
        for (const char *part :
             {"Id \"Voice\"", "Name must be a text", "Version \"1.x\"", "Description must be",
              "Provides must be a list", "unknown member \"Dependancies\"", "\"a b\"",
              "Dependencies: Name must be", "Type must be", "unknown member \"Why\""}) {
            QVERIFY2(data.error().logText.contains(QLatin1String(part)),
                     qPrintable(part + data.error().logText));
        }
    }

    void wrongMetaDataIsRefused_data()
    {
        QTest::addColumn<QByteArray>("changed");
        QTest::addColumn<QString>("problem");
        QTest::newRow("compat after version")
            << QByteArray(R"("CompatVersion": "1.0.1")") << "CompatVersion must not";
        QTest::newRow("depends on itself")
            << QByteArray(R"("Dependencies": [{"Name": "a"}])") << "the plugin itself";
        QTest::newRow("depends on its own service")
            << QByteArray(R"("Provides": ["B"], "Dependencies": [{"Name": "B"}])")
            << "the plugin itself";
        QTest::newRow("provides twice") << QByteArray(R"("Provides": ["B", "B"])") << "there twice";
        QTest::newRow("depends twice")
            << QByteArray(R"("Dependencies": [{"Name": "b"}, {"Name": "b"}])") << "there twice";
        QTest::newRow("number as version")
            << QByteArray(R"("CompatVersion": 1)") << "CompatVersion must be a text";
        QTest::newRow("huge version")
            << QByteArray(R"("CompatVersion": "99999999999")") << "CompatVersion";
    }
    void wrongMetaDataIsRefused()
    {
        QFETCH(QByteArray, changed);
        QFETCH(QString, problem);
        const QByteArray json =
            R"({"Id": "a", "Name": "A", "Version": "1.0.0", "Description": "d", )" + changed + '}';
        const auto data = PluginMetaData::fromJson(parsed(json.constData()));
        QVERIFY(!data);
        QVERIFY2(data.error().logText.contains(problem), qPrintable(data.error().logText));
    }

    void versionsBetweenCompatAndVersionAreSatisfied_data()
    {
        QTest::addColumn<QString>("needed");
        QTest::addColumn<bool>("isSatisfied");
        QTest::newRow("any") << "" << true;
        QTest::newRow("zero is any") << "0.0.0" << true;
        QTest::newRow("below compat") << "0.9" << false;
        QTest::newRow("compat, written longer") << "1.0.0" << true;
        QTest::newRow("between") << "1.1.5" << true;
        QTest::newRow("the same") << "1.2" << true;
        QTest::newRow("above") << "1.2.1" << false;
    }
    void versionsBetweenCompatAndVersionAreSatisfied()
    {
        QFETCH(QString, needed);
        PluginMetaData data;
        data.version = QVersionNumber(1, 2, 0);
        data.compatVersion = QVersionNumber(1, 0);
        QTEST(data.satisfies(QVersionNumber::fromString(needed)), "isSatisfied");
    }
};

QTEST_GUILESS_MAIN(tst_PluginMetaData)
#include "tst_pluginmetadata.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/jwttokenservice.h"
#include "core/base/configuration.h"
#include "hostprocess.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTest>

using namespace Rollcall;

/// The commands that end by themselves, from outside.
class tst_HostCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void helpNamesEverything()
    {
        HostProcess host;
        QCOMPARE(host.run({"--help"}), 0);
        for (const char *word :
             {"serve", "token", "doctor", "--config", "--set", "--plugin-path", "--list-plugins",
              "--check-config", "--print-config", "--log-format", "--version", "Exit codes", "78"})
            QVERIFY2(host.output().contains(QLatin1String(word)), word);
        const QString help = host.output();
        QCOMPARE(host.run({"help"}), 0);
        QCOMPARE(host.output(), help);
    }

    void versionIsOneLine()
    {
        HostProcess host;
        QCOMPARE(host.run({"--version"}), 0);
        QVERIFY(
            QRegularExpression("^rollcall \\d+\\.\\d+\\.\\d+\n$").match(host.output()).hasMatch());
    }

    void wrongCommandLineIsTwo()
    {
        HostProcess host;
        QCOMPARE(host.run({"--prot", "80"}), 2);
        QVERIFY(host.log().startsWith("rollcall: ") && host.log().contains("prot"));
        QCOMPARE(host.output(), QString());
    }

    void pluginsAddCommands()
    {
        HostProcess host;
        const QStringList plugin{"--plugin-path", FIXTURES "/commands"};
        QCOMPARE(host.run(plugin + QStringList{"echo", "a", "--set", "commands.greeting=hi", "-x"}),
                 0);
        QCOMPARE(host.output(), QString("hi|a|-x\n"));
        QCOMPARE(host.log(), QString("rollcall: aside\n"));
        QCOMPARE(host.run(QStringList{"echo"} + plugin + QStringList{"--", "--set", "--help"}), 0);
        QCOMPARE(host.output(), QString("hello|--set|--help\n"));
        QCOMPARE(host.run(plugin + QStringList{"echo"}), 7);
        QCOMPARE(host.run(plugin + QStringList{"wait"}), 3);
        QCOMPARE(host.output(), QString("waited\n"));
        QCOMPARE(host.run(plugin
                          + QStringList{"echo", "--set",
                                        "redis.url=unix://" + host.filePath("no.sock")}),
                 7);
        QCOMPARE(host.output(), QString("hello||redis\n"));
    }

    void droppedInPluginsAddCommandsToo()
    {
        HostProcess host;
        QVERIFY(QDir().mkpath(host.filePath("drop")));
        QVERIFY(QFile::copy(FIXTURES "/commands/librollcall-commands.so",
                            host.filePath("drop/commands.so")));
        const QString folder = "plugins.dropIn=" + host.filePath("drop");
        QCOMPARE(host.run({"echo", "a", "--set", folder}), 0);
        QCOMPARE(host.output(), QString("hello|a\n"));
        QCOMPARE(host.run({"help", "--set", folder}), 0);
        QVERIFY2(host.output().contains("  echo              Says its \"arguments\" again (plugin "
                                        "commands)\n"),
                 qPrintable(host.output()));
    }

    void helpListsTheCommandsOfPluginsWithoutTheirCode()
    {
        HostProcess host;
        QCOMPARE(host.run({"help", "--plugin-path", FIXTURES "/commands", "--plugin-path",
                           FIXTURES "/echo-too", "--plugin-path", FIXTURES "/needy"}),
                 0);
        QVERIFY(
            host.output().contains("  wait              Ends after a turn (plugin commands)\n"));
        QVERIFY(host.output().contains(
            "  echo              unusable: several plugins have it: commands, "
            "echo-too\n"));
        QVERIFY(!host.output().contains("Hidden by"));
        QVERIFY(!host.output().contains("beg "));
        QVERIFY(host.output().contains("Exit codes"));
    }

    void commandsOfPluginsFail_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("text");
        const QStringList plugin{"--plugin-path", FIXTURES "/commands"};
        const QStringList twin{"--plugin-path", FIXTURES "/echo-too"};
        const QStringList needy{"--plugin-path", FIXTURES "/needy"};
        const auto with = [](QStringList first, const QStringList &more) { return first += more; };
        QTest::newRow("nobody's") << QStringList{"dance"} << 2 << "dance: not a command";
        QTest::newRow("two have it") << with(with(plugin, twin), {"echo", "a"}) << 2
                                     << "echo: several plugins have this command: commands (";
        QTest::newRow("cannot run") << with(needy, {"beg"}) << 2
                                    << "is failed: needs NowhereService, which nobody provides";
        QTest::newRow("disabled") << with(plugin, {"echo", "--set", "plugins.disabled=commands"})
                                  << 2 << "which is disabled";
        QTest::newRow("no code") << with(twin, {"codeless"}) << 1 << "has no code for it";
        QTest::newRow("throws") << with(plugin, {"blow"}) << 1 << "threw an exception: boom";
        QTest::newRow("never ends") << with(plugin, {"hang"}) << 69 << "hang: not finished within";
        QTest::newRow("wrong setting")
            << with(plugin, {"echo", "a", "--set", "commands.greting=x"}) << 78 << "greting";
    }
    void commandsOfPluginsFail()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, text);
        HostProcess host;
        QTEST(host.run(arguments), "code");
        QVERIFY2(host.log().contains(text), qPrintable(host.log()));
        QCOMPARE(host.output(), QString());
    }

    void commandOfAPluginLoadsNoOther()
    {
        HostProcess host;
        const QStringList plugins{"--plugin-path", FIXTURES "/commands", "--plugin-path",
                                  FIXTURES "/poison"};
        QCOMPARE(host.run(plugins + QStringList{"echo", "a"}), 0);
        QCOMPARE(host.run(plugins + QStringList{"help"}), 0);
        QVERIFY(host.output().contains("  drink "));
        QCOMPARE(host.run(plugins + QStringList{"--list-plugins"}), 0);
        QVERIFY(host.output().contains("  commands   echo, wait, hang, blow, doctor\n"));
        QCOMPARE(host.run(plugins + QStringList{"drink"}), 99);
    }

    void everyWrongSettingIsNamedWithItsPlace()
    {
        HostProcess host;
        host.write(
            "a.toml",
            "[edge]\nport = 99999\nprot = 1\n\n[hots]\nnodeId = \"a\"\n\n[host]\nnodeId = \"a b\"\n"
            "stopDeadline = 5\n");
        host.setVariable("ROLLCALL_LOG_LEVEL", "loud");
        QCOMPARE(host.run({"--check-config", "--config", "a.toml", "--set", "plugins.dropIm=x"}),
                 78);
        for (const char *part :
             {"a.toml:2: edge.port", "a.toml:3: unknown setting 'edge.prot'",
              "a.toml:6: unknown setting 'hots.nodeId'", "a.toml:9: host.nodeId",
              "a.toml:10: host.stopDeadline", "ROLLCALL_LOG_LEVEL", "--set plugins.dropIm"})
            QVERIFY2(host.log().contains(QLatin1String(part)), qPrintable(part + host.log()));
        QCOMPARE(host.log().count('\n'), 7);
        QCOMPARE(host.run({"--config", "a.toml"}), 78);
        QCOMPARE(host.output(), QString());
    }

    void fileThatIsNotThereIsAnError()
    {
        HostProcess host;
        QCOMPARE(host.run({"--check-config", "--config", "nowhere.toml"}), 78);
        QVERIFY(host.log().contains("nowhere.toml"));
    }

    void settingsFileOfTheFolderIsRead()
    {
        HostProcess host;
        host.write("rollcall.toml", "[log]\nlevel = \"warning\"\n");
        QCOMPARE(host.run({"--print-config"}), 0);
        QVERIFY2(host.output().contains("log.level = warning  (rollcall.toml:2; default: info)"),
                 qPrintable(host.output()));
    }

    void commandLineWinsOverEnvironmentOverFile()
    {
        HostProcess host;
        host.write("a.toml", "[edge]\nport = 1\nhost = \"127.0.0.2\"\n[host]\nnodeId = \"file\"\n");
        host.setVariable("ROLLCALL_CONFIG", "a.toml");
        host.setVariable("ROLLCALL_EDGE_PORT", "2");
        host.setVariable("ROLLCALL_EDGE_HOST", "127.0.0.3");
        QCOMPARE(host.run({"--print-config", "--format", "json", "--set", "edge.port=3"}), 0);
        QMap<QString, QString> values;
        for (const QJsonValue &setting : QJsonDocument::fromJson(host.output().toUtf8()).array())
            values.insert(setting["name"].toString(), setting["value"].toString());
        QCOMPARE(values.value("edge.port"), QString("3"));
        QCOMPARE(values.value("edge.host"), QString("127.0.0.3"));
        QCOMPARE(values.value("host.nodeId"), QString("file"));
    }

    void secretsAreNotPrinted()
    {
        HostProcess host;
        const QString secret = "0123456789abcdef0123456789abcdef";
        for (const char *format : {"text", "json", "markdown"}) {
            QCOMPARE(
                host.run({"--print-config", "--format", format, "--set", "auth.secret=" + secret}),
                0);
            QVERIFY(!host.output().contains(secret));
        }
    }

    void guestsOutsideLoopbackAreRefused()
    {
        HostProcess host;
        QCOMPARE(host.run({"--check-config", "--set", "edge.host=0.0.0.0", "--set",
                           "auth.required=false"}),
                 78);
        QCOMPARE(host.run({"--check-config", "--set", "edge.host=0.0.0.0", "--set",
                           "auth.required=false", "--set", "auth.allowGuestsAnywhere=true"}),
                 0);
    }

    void pluginsAreListedWithTheirReasons()
    {
        HostProcess host;
        QCOMPARE(host.run({"--list-plugins", "--plugin-path", FIXTURES "/good", "--plugin-path",
                           FIXTURES "/dependent"}),
                 0);
        QVERIFY2(host.output().contains("good 1.2.0 [resolved]\n"), qPrintable(host.output()));
        QVERIFY(host.output().contains("  provides   FixtureService\n"));
        QVERIFY(host.output().contains("  needs      FixtureService 1.1.0\n"));

        QCOMPARE(host.run({"--list-plugins", "--format", "json", "--plugin-path",
                           FIXTURES "/dependent"}),
                 1);
        const QJsonArray list = QJsonDocument::fromJson(host.output().toUtf8()).array();
        QCOMPARE(list.size(), 1);
        QCOMPARE(list[0]["state"].toString(), QString("failed"));
        QCOMPARE(list[0]["reason"].toString(),
                 QString("needs FixtureService 1.1.0, which nobody provides"));
    }

    void folderOfPluginsThatIsNotThereIsAnError()
    {
        HostProcess host;
        QCOMPARE(host.run({"--list-plugins", "--plugin-path", "nowhere"}), 78);
        QVERIFY(host.log().contains("--plugin-path: there is no folder nowhere"));
    }

    void tokenIsAcceptedByThoseWhoKnowTheSecret()
    {
        HostProcess host;
        const QString secret = "0123456789abcdef0123456789abcdef";
        QCOMPARE(
            host.run({"token", "--sub", "alice", "--name", "Alice", "--role", "mobile", "--room",
                      "lobby", "--groups", "a,b", "--expires", "1h", "--secret", secret}),
            0);
        QVERIFY2(host.output().endsWith('\n'), qPrintable(host.log()));

        Configuration configuration;
        configuration.set("auth.secret=" + secret);
        SystemClock clock;
        JwtTokenService tokens(AuthConfig::read(configuration), clock, nullptr);
        QVERIFY(tokens.start());
        const auto claims = tokens.verify(host.output().trimmed().toLatin1());
        QVERIFY2(claims, claims ? "" : qPrintable(claims.error().logText));
        QCOMPARE(claims->subject, UserId("alice"));
        QCOMPARE(claims->name, QByteArray("Alice"));
        QCOMPARE(claims->role, QByteArray("mobile"));
        QCOMPARE(claims->room, RoomId("lobby"));
        QCOMPARE(claims->groups, QList<QByteArray>({"a", "b"}));
        const qint64 left = claims->expiresAtMs - clock.wallMs();
        QVERIFY(left > 3'500'000 && left <= 3'601'000);
    }

    void tokenNeedsASecret()
    {
        HostProcess host;
        QCOMPARE(host.run({"token", "--sub", "alice"}), 78);
        QVERIFY(host.log().contains("auth.secret"));
        QCOMPARE(host.output(), QString());
        QCOMPARE(host.run({"token", "--sub", "alice", "--secret", "short"}), 78);
    }

    void doctorSaysOneLinePerCheck()
    {
        HostProcess host;
        const QStringList arguments{"doctor", "--set", "edge.port=0", "--set", "plugins.required="};
        QVERIFY2(host.run(arguments) == 0, qPrintable(host.output() + host.log()));
        static const QRegularExpression line("^(ok  |warn|fail) [a-z]+ +[^ ]");
        for (const QString &text : host.output().split('\n', Qt::SkipEmptyParts))
            QVERIFY2(line.match(text).hasMatch(), qPrintable(text));
        for (const char *check :
             {"settings", "descriptors", "listener", "redis", "clock", "eviction"})
            QVERIFY2(host.output().contains(QString("ok   %1").arg(QLatin1String(check)))
                         || host.output().contains(QString("warn %1").arg(QLatin1String(check))),
                     qPrintable(check + host.output()));
    }

    void doctorFindsWhatIsWrong()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        HostProcess host;
        QCOMPARE(
            host.run({"doctor", "--set", QString("edge.port=%1").arg(other.serverPort()), "--set",
                      "redis.url=unix://" + host.filePath("no.sock"), "--set", "edge.prot=1",
                      "--set", "plugins.dropIn=/tmp", "--plugin-path", FIXTURES "/unresolved"}),
            1);
        for (const char *part :
             {"fail settings", "fail plugin        unresolved 1.0.0: ",
              "nobody provides PresenceService", "fail listener", "is a host running already",
              "fail redis", "warn drop-in       /tmp: everybody may write"})
            QVERIFY2(host.output().contains(QLatin1String(part)), qPrintable(part + host.output()));
    }
};

QTEST_GUILESS_MAIN(tst_HostCommands)
#include "tst_hostcommands.moc"

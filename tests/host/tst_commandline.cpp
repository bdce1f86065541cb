// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/commandline.h"

#include <QTest>

using namespace Rollcall;
using namespace std::chrono_literals;

class tst_CommandLine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingMeansServe()
    {
        const auto line = CommandLine::parse({"rollcall"});
        QVERIFY(line);
        QCOMPARE(line->command, CommandLine::Command::Serve);
    }

    void optionsAreCollectedInOrder()
    {
        const auto line = CommandLine::parse(
            {"rollcall", "serve", "--set", "edge.port=1", "--set=edge.port=2", "--config", "a.toml",
             "--plugin-path", "x", "--plugin-path=y", "--log-format", "json"});
        QVERIFY(line);
        QCOMPARE(line->configFile, QString("a.toml"));
        QCOMPARE(line->assignments, QStringList({"edge.port=1", "edge.port=2", "log.format=json"}));
        QCOMPARE(line->pluginPaths, QStringList({"x", "y"}));
    }

    void commandsAreKnown_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<CommandLine::Command>("command");
        QTest::newRow("doctor") << QStringList{"doctor"} << CommandLine::Command::Doctor;
        QTest::newRow("help") << QStringList{"help"} << CommandLine::Command::Help;
        QTest::newRow("--help") << QStringList{"doctor", "--help"} << CommandLine::Command::Help;
        QTest::newRow("--version") << QStringList{"--version"} << CommandLine::Command::Version;
        QTest::newRow("--list-plugins")
            << QStringList{"--list-plugins"} << CommandLine::Command::ListPlugins;
        QTest::newRow("--check-config")
            << QStringList{"--check-config"} << CommandLine::Command::CheckConfig;
        QTest::newRow("--print-config") << QStringList{"--print-config", "--format", "markdown"}
                                        << CommandLine::Command::PrintConfig;
    }
    void commandsAreKnown()
    {
        QFETCH(QStringList, arguments);
        const auto line = CommandLine::parse(QStringList("rollcall") + arguments);
        QVERIFY(line);
        QTEST(line->command, "command");
    }

    void tokenOptionsAreRead()
    {
        const auto line = CommandLine::parse({"rollcall", "token", "--sub", "alice", "--role",
                                              "mobile", "--expires", "90s", "--groups", "a,b",
                                              "--room", "lobby", "--secret", "s"});
        QVERIFY(line);
        QCOMPARE(line->token.subject, QString("alice"));
        QCOMPARE(line->token.groups, QStringList({"a", "b"}));
        QCOMPARE(line->token.lifetime, std::chrono::milliseconds(90s));
        QCOMPARE(line->assignments, QStringList("auth.secret=s"));
    }

    void commandOfAPluginKeepsItsArguments()
    {
        const auto line = CommandLine::parse({"rollcall", "--set", "a.b=1", "presence", "inspect",
                                              "--json", "--config=x.toml", "alice", "--format",
                                              "text", "--set", "a.b=2", "--", "--set", "--"});
        QVERIFY(line);
        QCOMPARE(line->command, CommandLine::Command::Plugin);
        QCOMPARE(line->pluginCommand, QString("presence"));
        QCOMPARE(line->pluginArguments,
                 QStringList({"inspect", "--json", "alice", "--format", "text", "--set", "--"}));
        QCOMPARE(line->assignments, QStringList({"a.b=1", "a.b=2"}));
        QCOMPARE(line->configFile, QString("x.toml"));

        QVERIFY(!CommandLine::parse({"rollcall", "presence", "--set"}));
        const auto help = CommandLine::parse({"rollcall", "presence", "--help"});
        QCOMPARE(help->pluginArguments, QStringList("--help"));
        const auto own = CommandLine::parse({"rollcall", "--help", "presence"});
        QCOMPARE(own->command, CommandLine::Command::Help);
    }

    void wrongLinesAreRefused_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("word");
        QTest::newRow("unknown option") << QStringList{"--prot", "1"} << "prot";
        QTest::newRow("value is missing") << QStringList{"--config"} << "config";
        QTest::newRow("two commands") << QStringList{"serve", "doctor"} << "doctor";
        QTest::newRow("token without a subject") << QStringList{"token"} << "--sub";
        QTest::newRow("no unit") << QStringList{"token", "--sub", "a", "--expires", "60"}
                                 << "--expires 60";
        QTest::newRow("no time") << QStringList{"token", "--sub", "a", "--expires", "0"}
                                 << "--expires 0";
        QTest::newRow("token's option elsewhere")
            << QStringList{"serve", "--role", "admin"} << "--role";
        QTest::newRow("unknown format")
            << QStringList{"--list-plugins", "--format", "markdown"} << "markdown";
    }
    void wrongLinesAreRefused()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, word);
        const auto line = CommandLine::parse(QStringList("rollcall") + arguments);
        QVERIFY(!line);
        QVERIFY2(line.error().logText.contains(word), qPrintable(line.error().logText));
    }
};

QTEST_GUILESS_MAIN(tst_CommandLine)
#include "tst_commandline.moc"

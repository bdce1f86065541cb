// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "hostprocess.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpServer>
#include <QTest>

#include <csignal>

using namespace Rollcall;

/// A host that serves, from outside: start, routes, signals, reload, plugins that arrive.
class tst_HostProcess : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void standardOutputHasTheAddressesOnly()
    {
        HostProcess host;
        QVERIFY(host.serve());
        const QStringList lines = host.output().split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines[0].startsWith("rollcall: embedded redis at /") && lines[0].endsWith(".sock"));
        QCOMPARE(lines[1], "rollcall: listening on " + host.url());
        QVERIFY(host.log().contains("no file, defaults only"));
        host.signal(SIGTERM);
        QCOMPARE(host.waitForEnd(), 0);
        QVERIFY(!QFile::exists(lines[0].section(' ', -1)));
    }

    void hostAnswers()
    {
        HostProcess host;
        QVERIFY(host.serve({"--set", "plugins.required="}));
        QCOMPARE(host.get("/live").status, 200);
        QVERIFY(host.waitForLog("connected to"));
        QCOMPARE(host.get("/ready").status, 200);
        const auto metrics = host.get("/metrics");
        QCOMPARE(metrics.status, 200);
        QVERIFY(metrics.body.contains("# TYPE "));
        QCOMPARE(host.get("/nothing/here").status, 404);
    }

    void demoPageIsServedOnLoopback()
    {
        HostProcess host;
        QVERIFY(QDir(host.filePath(".")).mkpath("web/app"));
        host.write("web/index.html", "<!doctype html>hello");
        host.write("web/app/a.js", "export {}");
        host.write("outside.js", "secret");
        QVERIFY(host.serve({"--set", "http.demoRoot=" + host.filePath("web")}));
        const auto page = host.get("/");
        QCOMPARE(page.status, 200);
        QCOMPARE(page.body, QByteArray("<!doctype html>hello"));
        QVERIFY(page.head.toLower().contains("content-type: text/html; charset=utf-8"));
        QCOMPARE(host.get("/app/a.js").body, QByteArray("export {}"));
        for (const char *target :
             {"/app/../outside.js", "/../outside.js", "/app/%2e%2e/%2e%2e/outside.js",
              "/app/..%2f..%2foutside.js", "/app//etc/passwd"})
            QVERIFY2(host.get(target).status != 200, target);
    }

    void demoPageCanBeSwitchedOff()
    {
        HostProcess host;
        QVERIFY(host.serve({"--set", "http.demo=false"}));
        QCOMPARE(host.get("/").status, 404);
    }

    void missingServiceMakesTheNodeNotReady()
    {
        HostProcess host;
        QVERIFY(host.serve(
            {"--set", "plugins.required=FixtureService", "--plugin-path", FIXTURES "/failing"}));
        QCOMPARE(host.get("/live").status, 200);
        const auto ready = host.get("/ready");
        QCOMPARE(ready.status, 503);
        QVERIFY2(ready.body.contains("missing: FixtureService")
                     && ready.body.contains("failed: failing"),
                 ready.body.constData());
        QVERIFY(host.log().contains("plugin failing ("));
        QVERIFY(host.log().contains("the kettle is empty"));
    }

    void interruptStopsToo()
    {
        HostProcess host;
        QVERIFY(host.serve());
        host.signal(SIGINT);
        QCOMPARE(host.waitForEnd(), 0);
    }

    void deadlineEndsAStopThatTakesTooLong()
    {
        HostProcess host;
        QVERIFY(host.serve({"--set", "host.stopDeadline=200ms", "--plugin-path", FIXTURES "/good",
                            "--plugin-path", FIXTURES "/slow"}));
        host.signal(SIGTERM);
        QCOMPARE(host.waitForEnd(), 1);
        QVERIFY(host.log().contains("not waiting for: slow"));
    }

    void secondSignalStopsAtOnce()
    {
        HostProcess host;
        QVERIFY(host.serve({"--set", "host.stopDeadline=1h", "--plugin-path", FIXTURES "/good",
                            "--plugin-path", FIXTURES "/slow"}));
        host.signal(SIGTERM);
        QVERIFY(host.waitForLog("stopping, within 1h"));
        QCOMPARE(host.get("/ready").status, 503);
        host.signal(SIGTERM);
        QCOMPARE(host.waitForEnd(), 1);
    }

    void portThatIsTakenIsUnavailable()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        HostProcess host;
        QCOMPARE(host.run({"--set", QString("edge.port=%1").arg(other.serverPort())}), 69);
        QVERIFY(host.log().contains(QString::number(other.serverPort())));
        QVERIFY(!host.output().contains("listening"));
    }

    void everyLogLineIsJson()
    {
        HostProcess host;
        QVERIFY(host.serve({"--log-format", "json", "--set", "log.level=debug"}));
        host.get("/live");
        host.signal(SIGTERM);
        QCOMPARE(host.waitForEnd(), 0);
        QVERIFY(host.logLines().size() > 3);
        for (const QString &line : host.logLines()) {
            const QJsonObject object = QJsonDocument::fromJson(line.toUtf8()).object();
            QVERIFY2(object.contains("time") && object.contains("level")
                         && object.contains("category") && object.contains("message"),
                     qPrintable(line));
        }
    }

    void reloadAppliesWhatCanChange()
    {
        HostProcess host;
        host.write("a.toml", "[log]\nlevel = \"warning\"\n");
        QVERIFY(host.serve({"--config", "a.toml"}));
        QCOMPARE(host.log(), QString());
        host.write("a.toml", "[log]\nlevel = \"info\"\n[host]\nnodeId = \"other\"\n");
        host.signal(SIGHUP);
        QVERIFY(host.waitForLog("settings read again, changed: log.level"));
        QVERIFY(host.waitForLog("these need a restart: host.nodeId"));
    }

    void reloadWithErrorsChangesNothing()
    {
        HostProcess host;
        host.write("a.toml", "[log]\nlevel = \"info\"\n");
        QVERIFY(host.serve({"--config", "a.toml", "--plugin-path", FIXTURES "/good"}));
        host.write("a.toml", "[log]\nlevel = \"critical\"\n[good]\nsize = 11\n[nobody]\na = 1\n");
        host.signal(SIGHUP);
        QVERIFY(host.waitForLog("the settings stay as they were"));
        QVERIFY(host.log().contains("a.toml:4: good.size"));
        QVERIFY(host.log().contains("a.toml:6: unknown setting 'nobody.a'"));
        host.write("a.toml", "[log]\nlevel = \"info\"\n");
        host.signal(SIGHUP);
        QVERIFY(host.waitForLog("settings read again, changed: nothing"));
    }

    void reloadLetsNoGuestsInWhereTheWorldListens()
    {
        HostProcess host;
        const QByteArray secret = "[auth]\nsecret = \"0123456789abcdef0123456789abcdef\"\n";
        host.write("a.toml", secret + "required = true\n[edge]\nhost = \"0.0.0.0\"\n");
        QVERIFY(host.serve({"--config", "a.toml"}));
        host.write("a.toml", secret + "required = false\n[edge]\nhost = \"127.0.0.1\"\n");
        host.signal(SIGHUP);
        QVERIFY(host.waitForLog("auth.required = false lets anybody be anybody"));
        QVERIFY(host.waitForLog("the settings stay as they were"));
    }

    void droppedInPluginIsLoadedLive()
    {
        HostProcess host;
        QVERIFY(QDir(host.filePath(".")).mkdir("in"));
        QVERIFY(host.serve({"--set", "plugins.dropIn=" + host.filePath("in"), "--set",
                            "plugins.required=FixtureService"}));
        QCOMPARE(host.get("/ready").status, 503);
        host.write("in/text.so", "this is not a library");
        QVERIFY(host.waitForLog("not a plugin: not an ELF library"));
        QVERIFY(QFile::copy(FIXTURES "/good/librollcall-good.so", host.filePath("good.part")));
        QVERIFY(QFile::rename(host.filePath("good.part"), host.filePath("in/good.so")));
        QVERIFY(host.waitForLog("plugin good 1.2.0 runs"));
        QCOMPARE(host.get("/ready").status, 200);
        host.signal(SIGTERM);
        QCOMPARE(host.waitForEnd(), 0);
    }
};

QTEST_GUILESS_MAIN(tst_HostProcess)
#include "tst_hostprocess.moc"

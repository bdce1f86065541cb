// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/staticfiles.h"
#include "support/fakehttpservice.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Rollcall;

class tst_StaticFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(QDir(m_parent.path()).mkpath("web/app"));
        write("secret.txt", "secret");
        write("web/index.html", "<!doctype html>");
        write("web/rollcall.js", "export {}");
        write("web/app/chat.js", "export {}");
        write("web/app/notes.xyz", "?");
        write("web/.hidden", "hidden");
        write("web/app/.hidden", "hidden");
        QVERIFY(QFile::link(m_parent.filePath("secret.txt"), m_parent.filePath("web/link.txt")));
        m_files = std::make_unique<StaticFiles>(m_parent.filePath("web"));
    }

    void routesAreThoseOfTheFolder()
    {
        FakeHttpService http;
        m_files->publish(http);
        QCOMPARE((*http.call("GET", "/"))->body, QByteArray("<!doctype html>"));
        QCOMPARE((*http.call("GET", "/rollcall.js"))->body, QByteArray("export {}"));
        QCOMPARE(http.accessOf("GET", "/app/{path...}"), HttpAccess::Public);
        QCOMPARE((*http.call("GET", "/app/chat.js"))->status, 200);
        QCOMPARE((*http.call("GET", "/.hidden"))->status, 404);
        QCOMPARE((*http.call("GET", "/other"))->status, 404);
    }

    void contentTypeFollowsTheName_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("type");
        QTest::newRow("page") << "index.html" << QByteArray("text/html; charset=utf-8");
        QTest::newRow("module") << "app/chat.js" << QByteArray("text/javascript; charset=utf-8");
        QTest::newRow("unknown") << "app/notes.xyz" << QByteArray("application/octet-stream");
    }
    void contentTypeFollowsTheName()
    {
        QFETCH(QString, path);
        QTEST(m_files->response(path, {}).contentType, "type");
    }

    void nothingOutsideTheFolderIsServed_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("parent") << "../secret.txt";
        QTest::newRow("parent, from below") << "app/../../secret.txt";
        QTest::newRow("link that leads out") << "link.txt";
        QTest::newRow("absolute") << "/etc/passwd";
        QTest::newRow("absolute, doubled") << "//etc/passwd";
        QTest::newRow("hidden") << "app/.hidden";
        QTest::newRow("folder") << "app";
        QTest::newRow("the root") << "";
        QTest::newRow("the root by name") << ".";
        QTest::newRow("sibling with the same beginning") << "../web2/file";
        QTest::newRow("zero byte") << QString::fromLatin1("index.html\0.js", 14);
        QTest::newRow("absent") << "nothing.js";
        QTest::newRow("very long") << QString(100'000, 'a');
    }
    void nothingOutsideTheFolderIsServed()
    {
        QFETCH(QString, path);
        QCOMPARE(m_files->response(path, {}).status, 404);
    }

    void unchangedFileIsNotSentAgain()
    {
        const HttpResponse first = m_files->response("rollcall.js", {});
        QByteArray tag;
        for (const auto &[name, value] : first.headers) {
            if (name == "ETag")
                tag = value;
        }
        QVERIFY(tag.startsWith('"') && tag.endsWith('"') && tag.size() > 10);
        for (const QByteArray &header : {tag, "W/" + tag, "\"other\", " + tag, QByteArray("*")}) {
            const HttpResponse second = m_files->response("rollcall.js", header);
            QCOMPARE(second.status, 304);
            QVERIFY(second.body.isEmpty());
        }
        QCOMPARE(m_files->response("rollcall.js", "\"other\"").status, 200);
        write("web/rollcall.js", "export { x }");
        QCOMPARE(m_files->response("rollcall.js", tag).status, 200);
    }

    void absentFolderServesNothing()
    {
        const StaticFiles absent(m_parent.filePath("nowhere"));
        QCOMPARE(absent.response("etc/passwd", {}).status, 404);
        QCOMPARE(absent.response("index.html", {}).status, 404);
    }

private:
    void write(const QString &name, const QByteArray &content)
    {
        QFile file(m_parent.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write");
    }

    QTemporaryDir m_parent;
    std::unique_ptr<StaticFiles> m_files;
};

QTEST_GUILESS_MAIN(tst_StaticFiles)
#include "tst_staticfiles.moc"

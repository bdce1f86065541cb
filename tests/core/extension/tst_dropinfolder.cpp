// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/dropinfolder.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace Rollcall;

class tst_DropInFolder : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_root = std::make_unique<QTemporaryDir>();
        QVERIFY(QDir(m_root->path()).mkdir("in") && QDir(m_root->path()).mkdir("beside"));
        m_folder = std::make_unique<DropInFolder>(m_root->filePath("in"));
        m_ready = std::make_unique<QSignalSpy>(m_folder.get(), &DropInFolder::fileReady);
    }

    void fileCountsWhenItIsClosed()
    {
        QVERIFY(m_folder->start());
        QFile file(m_root->filePath("in/a.so"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("half") > 0 && file.flush());
        write("in/marker.so"); // events come in order: what the half file caused has arrived with
                               // this one's
        QTRY_COMPARE(m_ready->size(), 1);
        QCOMPARE(m_ready->takeFirst().first().toString(), m_root->filePath("in/marker.so"));
        file.close();
        QTRY_COMPARE(m_ready->size(), 1);
        QCOMPARE(m_ready->first().first().toString(), m_root->filePath("in/a.so"));
    }

    void fileThatIsMovedHereCounts()
    {
        QVERIFY(m_folder->start());
        write("beside/a.so");
        QVERIFY(QFile::rename(m_root->filePath("beside/a.so"), m_root->filePath("in/a.so")));
        QTRY_COMPARE(m_ready->size(), 1);
    }

    void temporaryNamesDoNotCount()
    {
        QVERIFY(m_folder->start());
        for (const char *name : {"in/.a.so.x8dfs2", "in/.a.so", "in/a.so.part", "in/readme.txt"})
            write(name);
        QVERIFY(QDir(m_root->path()).mkdir("in/folder.so"));
        QVERIFY(QFile::rename(m_root->filePath("in/.a.so.x8dfs2"), m_root->filePath("in/a.so")));
        QTRY_COMPARE(m_ready->size(), 1);
        QCOMPARE(m_ready->first().first().toString(), m_root->filePath("in/a.so"));
    }

    void fileThatEverybodyMayWriteIsRefused()
    {
        QVERIFY(m_folder->start());
        write("beside/bad.so");
        QCOMPARE(::chmod(qPrintable(m_root->filePath("beside/bad.so")), 0666), 0);
        QVERIFY(QFile::rename(m_root->filePath("beside/bad.so"), m_root->filePath("in/bad.so")));
        // A link is as good as what it leads to.
        write("beside/target.so");
        QCOMPARE(::chmod(qPrintable(m_root->filePath("beside/target.so")), 0666), 0);
        QVERIFY(
            QFile::link(m_root->filePath("beside/target.so"), m_root->filePath("beside/link.so")));
        QVERIFY(QFile::rename(m_root->filePath("beside/link.so"), m_root->filePath("in/link.so")));
        write("in/good.so");
        QTRY_COMPARE(m_ready->size(), 1);
        QCOMPARE(m_ready->first().first().toString(), m_root->filePath("in/good.so"));
        QCOMPARE(m_folder->files(), QStringList(m_root->filePath("in/good.so")));
    }

    void folderThatEverybodyMayWriteIsRefused()
    {
        write("in/a.so");
        QCOMPARE(m_folder->files().size(), 1);
        QCOMPARE(::chmod(qPrintable(m_root->filePath("in")), 01777), 0);
        QVERIFY(!m_folder->start());
        QCOMPARE(m_folder->files(), QStringList());
    }

    void folderOpenedToEverybodyLaterIsRefused()
    {
        QVERIFY(m_folder->start());
        QCOMPARE(::chmod(qPrintable(m_root->filePath("in")), 0777), 0);
        write("in/bad.so");
        QVERIFY(!m_ready->wait(100));
        QCOMPARE(::chmod(qPrintable(m_root->filePath("in")), 0700), 0);
        write("in/good.so");
        QTRY_COMPARE(m_ready->size(), 1);
        QCOMPARE(m_ready->first().first().toString(), m_root->filePath("in/good.so"));
    }

    void absentFolderIsAnError()
    {
        DropInFolder absent(m_root->filePath("nowhere"));
        const auto started = absent.start();
        QVERIFY(!started);
        QVERIFY(started.error().logText.contains("nowhere"));
        QCOMPARE(absent.files(), QStringList());
    }

private:
    void write(const QString &name)
    {
        QFile file(m_root->filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write("content") < 0)
            qFatal("cannot write");
    }

    std::unique_ptr<QTemporaryDir> m_root;
    std::unique_ptr<DropInFolder> m_folder;
    std::unique_ptr<QSignalSpy> m_ready;
};

QTEST_GUILESS_MAIN(tst_DropInFolder)
#include "tst_dropinfolder.moc"

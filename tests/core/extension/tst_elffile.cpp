// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/elffile.h"
#include "core/extension/pluginspec.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace Rollcall;

class tst_ElfFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QFile file(FIXTURES "/good/librollcall-good.so");
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_library = file.readAll();
        QVERIFY(m_library.size() > 4096);
    }

    void wholeLibraryIsAccepted() { QVERIFY(checkElfFile(write(m_library))); }

    void libraryCutOffAnywhereIsRefused()
    {
        for (qsizetype size = 0; size < m_library.size(); size += 1 + m_library.size() / 500) {
            const QString path = write(m_library.left(size));
            QVERIFY2(!checkElfFile(path), qPrintable(QString::number(size)));
            const PluginSpec spec(path, PluginOrigin::DropIn);
            QCOMPARE(spec.state(), PluginState::Failed);
            QVERIFY(!spec.reason().isEmpty());
        }
        QVERIFY(!checkElfFile(write(m_library.chopped(1))));
    }

    void damagedHeadersAreSurvived()
    {
        for (int offset = 0; offset < 0x200; ++offset) {
            for (const char byte : {'\0', '\xff', '\x7f'}) {
                QByteArray damaged = m_library;
                damaged[offset] = byte;
                const PluginSpec spec(write(damaged), PluginOrigin::DropIn);
                QVERIFY(spec.state() == PluginState::Failed || spec.hasMetaData());
            }
        }
    }

    void otherFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("#!/bin/sh\necho hello\n");
        QTest::newRow("text with plugin metadata")
            << QByteArray("QTMETADATA !\1\6\4\0 org.rollcall.Plugin/1").repeated(200);
        QTest::newRow("zeros") << QByteArray(10000, '\0');
    }
    void otherFilesAreRefused()
    {
        QFETCH(QByteArray, content);
        const PluginSpec spec(write(content), PluginOrigin::DropIn);
        QCOMPARE(spec.state(), PluginState::Failed);
        QVERIFY2(spec.reason().startsWith("not a plugin"), qPrintable(spec.reason()));
        QCOMPARE(spec.id(), QString("candidate.so"));
    }

    void programIsRefused()
    {
        QByteArray program = m_library;
        program[16] = 2; // e_type: ET_EXEC
        const auto checked = checkElfFile(write(program));
        QVERIFY(!checked);
        QVERIFY(checked.error().logText.contains("not a shared library"));
    }

    void pipeIsRefusedWithoutWaiting()
    {
        const QString path = m_folder.filePath("pipe.so");
        QCOMPARE(::mkfifo(qPrintable(path), 0600), 0);
        const auto checked = checkElfFile(path);
        QVERIFY(!checked);
        QVERIFY(checked.error().logText.contains("not a regular file"));
    }

private:
    QString write(const QByteArray &content)
    {
        const QString path = m_folder.filePath("candidate.so");
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write the candidate");
        return path;
    }

    QTemporaryDir m_folder;
    QByteArray m_library;
};

QTEST_GUILESS_MAIN(tst_ElfFile)
#include "tst_elffile.moc"

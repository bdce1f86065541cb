// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/operatorcredential.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace Rollcall;

class tst_OperatorCredential : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    static QByteArray contentOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
    }
    static int modeOf(const QString &path)
    {
        struct stat status
        { };
        return ::stat(QFile::encodeName(path).constData(), &status) == 0
            ? int(status.st_mode & 0777)
            : -1;
    }

private Q_SLOTS:
    void emptyCredentialMatchesNothing()
    {
        QVERIFY(!OperatorCredential().matches({}));
        QVERIFY(!OperatorCredential::fromSecret({}).matches({}));
    }

    void randomSecretLiesInAPrivateFile()
    {
        QString path;
        {
            const auto credential = OperatorCredential::fromFile({});
            QVERIFY(credential.hasValue());
            path = credential->filePath();
            QCOMPARE(modeOf(path), 0600);
            QCOMPARE(modeOf(QFileInfo(path).path()), 0700);
            QCOMPARE(contentOf(path).size(), 43);
            QVERIFY(credential->matches(contentOf(path)));
            QVERIFY(contentOf(OperatorCredential::fromFile({})->filePath()) != contentOf(path));
        }
        QVERIFY(!QFileInfo(path).dir().exists());
    }

    void namedFileIsMadeOnceAndKept()
    {
        const QString path = m_folder.filePath("kept.secret");
        const QByteArray secret = [&path] {
            const auto credential = OperatorCredential::fromFile(path);
            return credential ? contentOf(credential->filePath()) : QByteArray();
        }();
        QCOMPARE(secret.size(), 43);
        QCOMPARE(modeOf(path), 0600);
        const auto again = OperatorCredential::fromFile(path);
        QVERIFY(again.hasValue());
        QVERIFY(again->matches(secret));
    }

    void unsafeFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("mode");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("private") << QByteArray("0123456789abcdef") << 0600 << true;
        QTest::newRow("group may read") << QByteArray("0123456789abcdef") << 0640 << false;
        QTest::newRow("all may read") << QByteArray("0123456789abcdef") << 0604 << false;
        QTest::newRow("too short") << QByteArray("0123456789abcde\n") << 0600 << false;
        QTest::newRow("empty") << QByteArray() << 0600 << false;
    }
    void unsafeFilesAreRefused()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, mode);
        QFETCH(bool, accepted);
        const QString path = m_folder.filePath("given.secret");
        QFile::remove(path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode_t(mode)), 0);
        QCOMPARE(OperatorCredential::fromFile(path).hasValue(), accepted);
    }

    void symbolicLinksAreNotFollowed()
    {
        const QString target = m_folder.filePath("target.secret");
        const QString link = m_folder.filePath("link.secret");
        QVERIFY(QFile::link(target, link));
        QVERIFY(!OperatorCredential::fromFile(link));
        QVERIFY(!QFile::exists(target));
        QVERIFY(OperatorCredential::fromFile(target).hasValue());
        QVERIFY(!OperatorCredential::fromFile(link));
    }

    void unwritablePlaceSaysWhy()
    {
        const auto credential = OperatorCredential::fromFile("/nonexistent/operator.secret");
        QVERIFY(!credential);
        QVERIFY(credential.error().logText.contains("/nonexistent/operator.secret"));
    }
};

QTEST_GUILESS_MAIN(tst_OperatorCredential)
#include "tst_operatorcredential.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/wireid.h"

#include "core/protocol/pageid.h"

#include <QTest>

using namespace Rollcall;

class tst_WireId : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ids_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<bool>("valid");
        QTest::newRow("plain") << QByteArray("plaza-1") << true;
        QTest::newRow("path") << QByteArray("/a/b c") << true;
        QTest::newRow("not ASCII") << QByteArray("caf\xc3\xa9") << true;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("128 bytes") << QByteArray(128, 'a') << true;
        QTest::newRow("129 bytes") << QByteArray(129, 'a') << false;
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << false;
        QTest::newRow("new line") << QByteArray("a\nb") << false;
        QTest::newRow("DEL") << QByteArray("a\x7f") << false;
        QTest::newRow("C1 control") << QByteArray("a\xc2\x85") << false;
        QTest::newRow("no-break space") << QByteArray("a\xc2\xa0") << true;
        QTest::newRow("cut character") << QByteArray("a\xc2") << false;
        QTest::newRow("overlong") << QByteArray("\xc0\xaf") << false;
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << false;
    }
    void ids()
    {
        QFETCH(QByteArray, id);
        QFETCH(bool, valid);
        QCOMPARE(isValidId(id), valid);
    }

    void displayNamesAreCountedInCodePoints()
    {
        const QByteArray emoji = "\xf0\x9f\x98\x80";
        QVERIFY(isValidDisplayName(emoji.repeated(64)));
        QVERIFY(!isValidDisplayName(emoji.repeated(65)));
        QVERIFY(!isValidDisplayName(QByteArray(65, 'a')));
        QVERIFY(!isValidDisplayName(""));
    }

    void avatarsAreIdsOrWebAddresses()
    {
        QVERIFY(isValidAvatar(""));
        QVERIFY(isValidAvatar("fox"));
        QVERIFY(isValidAvatar("https://example.org/a.png"));
        QVERIFY(!isValidAvatar("javascript:alert(1)"));
        QVERIFY(!isValidAvatar("data:image/png;base64,AAAA"));
        QVERIFY(!isValidAvatar(QByteArray(513, 'a')));
    }

    void pageIsItsPath_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("room");
        QTest::newRow("root") << QByteArray("/") << QByteArray("/");
        QTest::newRow("root of slashes") << QByteArray("///") << QByteArray("/");
        QTest::newRow("path") << QByteArray("/a/b") << QByteArray("/a/b");
        QTest::newRow("trailing slashes") << QByteArray("/a/b//") << QByteArray("/a/b");
        QTest::newRow("query") << QByteArray("/a/?q=/x/") << QByteArray("/a");
        QTest::newRow("fragment") << QByteArray("/a#b?c") << QByteArray("/a");
        QTest::newRow("encoded") << QByteArray("/a%2Fb") << QByteArray("/a%2Fb");
        QTest::newRow("no path") << QByteArray("a/b") << QByteArray();
        QTest::newRow("nothing") << QByteArray() << QByteArray();
        QTest::newRow("control") << QByteArray("/a\nb") << QByteArray();
        QTest::newRow("longest") << '/' + QByteArray(511, 'x') << '/' + QByteArray(511, 'x');
        QTest::newRow("too long")
            << '/' + QByteArray(512, 'x')
            << QByteArray("~292082b977ac3fc368a3f33733ee26985aae874b2813da36e9cd1e63ad004a09");
    }
    void pageIsItsPath()
    {
        QFETCH(QByteArray, url);
        QTEST(pageRoom(url).value_or(RoomId()).value(), "room");
    }
};

QTEST_APPLESS_MAIN(tst_WireId)
#include "tst_wireid.moc"

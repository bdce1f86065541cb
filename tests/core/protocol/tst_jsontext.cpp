// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/jsontext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Rollcall;

class tst_JsonText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void numbers_data()
    {
        QTest::addColumn<double>("number");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("zero") << 0.0 << QByteArray("0");
        QTest::newRow("negative zero") << -0.0 << QByteArray("0");
        QTest::newRow("whole") << 42.0 << QByteArray("42");
        QTest::newRow("milliseconds since the epoch") << 1.7e12 << QByteArray("1700000000000");
        QTest::newRow("fraction") << 0.1 << QByteArray("0.1");
        QTest::newRow("negative") << -12.5 << QByteArray("-12.5");
        QTest::newRow("2^53") << 9007199254740992.0 << QByteArray("9007199254740992");
        QTest::newRow("large") << 1e300 << QByteArray("1e+300");
        QTest::newRow("small") << 1e-7 << QByteArray("1e-07");
    }
    void numbers()
    {
        QFETCH(double, number);
        QFETCH(QByteArray, text);
        QByteArray out;
        appendJsonNumber(out, number);
        QCOMPARE(out, text);
        QCOMPARE(QJsonDocument::fromJson('[' + out + ']').array().at(0).toDouble(-1), number);
    }
    void everyCharacterReadsBackAsItself()
    {
        QByteArray text;
        for (int c = 0; c < 128; ++c)
            text += char(c);
        text += "\xc3\xa4\xf0\x9f\x99\x82";
        QByteArray out("[");
        appendJsonText(out, text);
        out += ']';
        QCOMPARE(QJsonDocument::fromJson(out).array().at(0).toString().toUtf8(), text);
        const EscapedJsonText escaped(text);
        QCOMPARE("[\"" + QByteArrayView(escaped).toByteArray() + "\"]", out);
    }
    void whatNeedsNoEscapeIsNotCopied()
    {
        const QByteArray text("plain \xc3\xa4");
        QCOMPARE(QByteArrayView(EscapedJsonText(text)).data(), text.constData());
        QVERIFY(QByteArrayView(EscapedJsonText("")).isEmpty());
    }
};

QTEST_GUILESS_MAIN(tst_JsonText)
#include "tst_jsontext.moc"

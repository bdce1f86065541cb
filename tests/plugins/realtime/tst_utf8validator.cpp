// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/utf8validator.h"

#include <QTest>

#include <simdjson.h>

using namespace Rollcall::Realtime;

class tst_Utf8Validator : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void agreesWithTheValidatorOfWholeTextsAtEveryCut_data()
    {
        QTest::addColumn<QByteArray>("text");
        const char *const texts[] = {
            "plain",
            "\xc3\xa4",
            "\xe2\x82\xac",
            "\xf0\x9f\x99\x82",
            "\xed\x9f\xbf",
            "\xee\x80\x80",
            "\xf4\x8f\xbf\xbf",
            "\xc2",
            "\xe2\x82",
            "\xf0\x9f\x99",
            "a\xe2\x82\xac\xf0\x9f\x99\x82z", // whole and cut
            "\x80",
            "\xbf",
            "\xc0\xaf",
            "\xc1\xbf",
            "\xe0\x80\xaf",
            "\xe0\x9f\xbf",
            "\xf0\x80\x80\xaf",
            "\xf0\x8f\xbf\xbf", // overlong
            "\xed\xa0\x80",
            "\xed\xbf\xbf", // surrogates
            "\xf4\x90\x80\x80",
            "\xf5\x80\x80\x80",
            "\xff",
            "\xfe",
            "\xc3(",
            "\xe2\x82(",
            "\xf0\x9f\x99(",
            "\xe2(\xac",
        };
        for (const char *text : texts)
            QTest::newRow(QByteArray(text).toHex(' ').constData()) << QByteArray(text);
    }
    void agreesWithTheValidatorOfWholeTextsAtEveryCut()
    {
        QFETCH(QByteArray, text);
        const bool isValid = simdjson::validate_utf8(text.constData(), size_t(text.size()));
        for (qsizetype cut = 0; cut <= text.size(); ++cut) {
            Utf8Validator validator;
            const bool isGood = validator.append(std::span(text.constData(), size_t(cut)))
                && validator.append(std::span(text.constData() + cut, size_t(text.size() - cut)))
                && validator.isComplete();
            QCOMPARE(isGood, isValid);
        }
    }
    void wrongByteIsFoundInItsPiece()
    {
        Utf8Validator validator;
        QVERIFY(validator.append(std::span("\xf4", 1)));
        QVERIFY(!validator.isComplete());
        QVERIFY(!validator.append(std::span("\x90", 1))); // above U+10FFFF, whatever follows
    }
};

QTEST_GUILESS_MAIN(tst_Utf8Validator)
#include "tst_utf8validator.moc"

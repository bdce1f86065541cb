// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/chunkeddecoder.h"

#include <QTest>

using namespace Rollcall;
using State = ChunkedDecoder::State;

Q_DECLARE_METATYPE(State)

class tst_ChunkedDecoder : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bodies_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<State>("state");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char *name, const QByteArray &bytes, State state,
                            const QByteArray &body = {}) {
            QTest::newRow(name) << bytes << state << body;
        };
        row("empty", "0\r\n\r\n", State::Complete);
        row("one", "5\r\nhello\r\n0\r\n\r\n", State::Complete, "hello");
        row("two, hex, upper case", "A\r\n0123456789\r\n1\r\n!\r\n0\r\n\r\n", State::Complete,
            "0123456789!");
        row("leading zeros", "0005\r\nhello\r\n000\r\n\r\n", State::Complete, "hello");
        row("line breaks in data", "4\r\n\r\n\r\n\r\n0\r\n\r\n", State::Complete, "\r\n\r\n");
        row("extension", "5;a=b;c\r\nhello\r\n0;x\r\n\r\n", State::Complete, "hello");
        row("trailer", "0\r\nX: y\r\nZ: w\r\n\r\n", State::Complete);
        row("incomplete", "5\r\nhel", State::Incomplete, "hel");
        row("no last line", "0\r\n", State::Incomplete);
        row("no size", "\r\n", State::Malformed);
        row("blank before size", " 5\r\nhello\r\n", State::Malformed);
        row("blank behind size", "5 \r\nhello\r\n", State::Malformed);
        row("sign", "+5\r\nhello\r\n", State::Malformed);
        row("negative", "-1\r\n", State::Malformed);
        row("0x", "0x5\r\nhello\r\n", State::Malformed);
        row("not hex", "g\r\n", State::Malformed);
        row("bare LF", "5\nhello\n0\n\n", State::Malformed);
        row("bare CR", "5\r5", State::Malformed);
        row("data too long", "4\r\nhello\r\n0\r\n\r\n", State::Malformed, "hell");
        row("LF behind data", "5\r\nhello\n0\r\n\r\n", State::Malformed, "hello");
        row("overflow", "fffffffffffffffff\r\n", State::Malformed);
        row("large", "ffffffffffff\r\n", State::TooLarge);
        row("sum too large", "9\r\n123456789\r\nC\r\n123456789012\r\n", State::TooLarge,
            "123456789");
        row("at the limit", "14\r\n12345678901234567890\r\n0\r\n\r\n", State::Complete,
            "12345678901234567890");
        row("endless extension", "1;" + QByteArray(20000, 'a'), State::TooLarge);
        row("endless trailer", "0\r\n" + QByteArray("X: y\r\n").repeated(4000), State::TooLarge);
        row("control in extension", "1;\x01\r\n", State::Malformed);
    }
    void bodies()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(State, state);
        QFETCH(QByteArray, body);
        for (const qsizetype step : {bytes.size(), qsizetype(1), qsizetype(3)}) {
            ChunkedDecoder decoder(20);
            QByteArray decoded;
            for (qsizetype i = 0; i < bytes.size() && decoder.state() == State::Incomplete;
                 i += step) {
                const QByteArray piece = bytes.mid(i, step);
                const size_t used =
                    decoder.feed({piece.constData(), size_t(piece.size())}, decoded);
                if (decoder.state() == State::Incomplete)
                    QCOMPARE(used, size_t(piece.size()));
            }
            QCOMPARE(decoder.state(), state);
            QCOMPARE(decoded, body);
        }
    }

    void whatFollowsIsNotTouched()
    {
        ChunkedDecoder decoder(20);
        QByteArray body;
        const QByteArray bytes = "1\r\na\r\n0\r\n\r\nGET /";
        QCOMPARE(decoder.feed({bytes.constData(), size_t(bytes.size())}, body),
                 size_t(bytes.size() - 5));
        QCOMPARE(decoder.state(), State::Complete);
    }
};

QTEST_GUILESS_MAIN(tst_ChunkedDecoder)
#include "tst_chunkeddecoder.moc"

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/websocketframe.h"
#include "support/fakeclient.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Realtime;

class tst_WebSocketFrame : public QObject
{
    Q_OBJECT

    static constexpr size_t kMax = 100'000;

    static FrameParse parse(const QByteArray &bytes, size_t max = kMax)
    {
        return parseFrameHeader(std::span(bytes.constData(), size_t(bytes.size())), max);
    }

private Q_SLOTS:
    void firstBytes_data()
    {
        QTest::addColumn<int>("first");
        QTest::addColumn<bool>("isAllowed");
        for (int first = 0; first < 256; ++first) {
            const int opcode = first & 0xf;
            const bool isKnown = opcode <= 2 || (opcode >= 8 && opcode <= 10);
            const bool isControlFrame = opcode >= 8;
            const bool isFinal = (first & 0x80) != 0;
            const bool hasReserved = (first & 0x70) != 0;
            QTest::addRow("5.2: first byte 0x%02x", first)
                << first << (isKnown && !hasReserved && (isFinal || !isControlFrame));
        }
    }
    void firstBytes()
    {
        QFETCH(int, first);
        QFETCH(bool, isAllowed);
        const FrameParse whole = parse(ClientFrame{quint8(first), "hello"}.bytes());
        if (isAllowed) {
            QCOMPARE(whole.status, FrameStatus::Complete);
            QCOMPARE(int(whole.header.opcode), first & 0xf);
            QCOMPARE(whole.header.isFinal, (first & 0x80) != 0);
        } else {
            QCOMPARE(whole.status, FrameStatus::Refused);
            QCOMPARE(whole.refusal, CloseCode::ProtocolViolation);
            // The first byte is enough to tell.
            QCOMPARE(parse(QByteArray(1, char(first))).status, FrameStatus::Refused);
        }
    }

    void lengths_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("headerSize");
        QTest::newRow("5.2: 0") << 0 << 6;
        QTest::newRow("5.2: 1") << 1 << 6;
        QTest::newRow("5.2: 125") << 125 << 6;
        QTest::newRow("5.2: 126") << 126 << 8;
        QTest::newRow("5.2: 127") << 127 << 8;
        QTest::newRow("5.2: 65535") << 65535 << 8;
        QTest::newRow("5.2: 65536") << 65536 << 14;
    }
    void lengths()
    {
        QFETCH(int, size);
        QFETCH(int, headerSize);
        const QByteArray frame = ClientFrame{0x82, QByteArray(size, 'x')}.bytes();
        const FrameParse whole = parse(frame);
        QCOMPARE(whole.status, FrameStatus::Complete);
        QCOMPARE(whole.header.size, size_t(headerSize));
        QCOMPARE(whole.header.payloadSize, size_t(size));
        for (int cut = 0; cut < headerSize; ++cut)
            QCOMPARE(parse(frame.left(cut)).status, FrameStatus::Incomplete);
    }

    void refusedLengths_data()
    {
        QTest::addColumn<QByteArray>("frame");
        QTest::addColumn<CloseCode>("code");
        const auto row = [](const char *name, const ClientFrame &frame, CloseCode code) {
            QTest::newRow(name) << frame.bytes().left(14) << code;
        };
        const CloseCode violation = CloseCode::ProtocolViolation;
        row("5.2: 125 in 16 bits", {0x81, QByteArray(125, 'x'), 2}, violation);
        row("5.2: 0 in 16 bits", {0x81, "", 2}, violation);
        row("5.2: 125 in 64 bits", {0x81, QByteArray(125, 'x'), 8}, violation);
        row("5.2: 65535 in 64 bits", {0x81, QByteArray(65535, 'x'), 8}, violation);
        row("5.5: ping of 126", {0x89, QByteArray(126, 'x')}, violation);
        row("5.5: close of 126", {0x88, QByteArray(126, 'x')}, violation);
        row("5.1: not masked", {0x81, "hello", -1, false}, violation);
        row("5.1: not masked, empty", {0x81, "", -1, false}, violation);
        row("10.4: larger than the limit", {0x81, QByteArray(int(kMax) + 1, 'x')},
            CloseCode::MessageTooBig);
        QTest::newRow("5.2: most significant bit")
            << QByteArray("\x82\xff\x80\0\0\0\0\0\0\0", 10) << violation;
        QTest::newRow("10.4: nearly 2^63")
            << QByteArray("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff", 10)
            << CloseCode::MessageTooBig;
    }
    void refusedLengths()
    {
        QFETCH(QByteArray, frame);
        QFETCH(CloseCode, code);
        const FrameParse result = parse(frame);
        QCOMPARE(result.status, FrameStatus::Refused);
        QCOMPARE(result.refusal, code);
    }

    void unmasking_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("offset");
        for (int size = 0; size < 35; ++size) {
            for (int offset = 0; offset < 3; ++offset)
                QTest::addRow("5.3: %d bytes at %d", size, offset) << size << offset;
        }
    }
    void unmasking()
    {
        QFETCH(int, size);
        QFETCH(int, offset);
        const MaskKey key{'\x01', '\x80', '\xff', '\x5a'};
        QByteArray bytes(offset + size + 1, 'z');
        for (int i = 0; i < size; ++i)
            bytes[offset + i] = char(char('a' + i % 26) ^ key[size_t(i % 4)]);
        unmask(std::span(bytes.data() + offset, size_t(size)), key);
        for (int i = 0; i < size; ++i)
            QCOMPARE(bytes[offset + i], char('a' + i % 26));
        QCOMPARE(bytes.left(offset), QByteArray(offset, 'z'));
        QCOMPARE(bytes.back(), 'z');
    }

    void ownHeaders_data() { lengths_data(); }
    void ownHeaders()
    {
        QFETCH(int, size);
        QFETCH(int, headerSize);
        char buffer[kMaxServerHeader];
        const size_t written =
            encodeHeaderBefore(buffer + sizeof buffer, Opcode::Text, size_t(size));
        QCOMPARE(written, size_t(headerSize - 4)); // no mask
        QByteArray frame(buffer + sizeof buffer - written, qsizetype(written));
        frame += QByteArray(size, 'x');
        const std::vector<ServerFrame> frames = takeServerFrames(frame);
        QCOMPARE(frames.size(), size_t(1));
        QCOMPARE(frames[0].opcode, quint8(1));
        QCOMPARE(frames[0].payload.size(), size);
    }

    void closeCodes_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("isAllowed");
        for (const int code :
             {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 1999, 2000, 2999, 5000, 65535})
            QTest::addRow("7.4: %d", code) << code << false;
        for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013,
                               1014, 3000, 3999, 4000, 4500, 4999})
            QTest::addRow("7.4: %d", code) << code << true;
    }
    void closeCodes()
    {
        QFETCH(int, code);
        QFETCH(bool, isAllowed);
        QByteArray payload;
        payload += char(code >> 8);
        payload += char(code & 0xff);
        payload += "why"; // the result borrows
        const auto close = parseClosePayload(payload);
        QCOMPARE(close.has_value(), isAllowed);
        if (close) {
            QCOMPARE(int(close->code), code);
            QCOMPARE(close->reason, QByteArrayView("why"));
        }
    }
    void closeWithoutCodeIsFineAndHalfACodeIsNot()
    {
        QCOMPARE(parseClosePayload({}).value().code, CloseCode::NoStatus);
        QVERIFY(!parseClosePayload("\x03"));
    }
    void ownCloseFramesCarryCodeAndReason()
    {
        std::array<char, 127> buffer;
        const size_t size = encodeCloseFrame(buffer, CloseCode::PingTimeout);
        QByteArray bytes(buffer.data(), qsizetype(size));
        const std::vector<ServerFrame> frames = takeServerFrames(bytes);
        QCOMPARE(frames.size(), size_t(1));
        QCOMPARE(frames[0].closeCode(), quint16(4001));
        QCOMPARE(frames[0].payload.mid(2), QByteArray("ping timeout"));
        QCOMPARE(encodeCloseFrame(buffer, CloseCode::NoStatus), size_t(2));
    }
};

QTEST_GUILESS_MAIN(tst_WebSocketFrame)
#include "tst_websocketframe.moc"

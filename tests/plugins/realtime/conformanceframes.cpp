// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "conformancecases.h"
#include "support/fakeclient.h"

namespace Rollcall::Realtime {

namespace {

using Cases = std::vector<ConformanceCase>;

QByteArray hex(int number) { return QByteArray::number(number, 16); }

/// A text frame with a mask of its own.
QByteArray textMaskedWith(const QByteArray &key, const QByteArray &text)
{
    QByteArray frame = QByteArray("\x81") + char(0x80 | int(text.size())) + key;
    for (qsizetype i = 0; i < text.size(); ++i)
        frame += char(text[i] ^ key[i % 4]);
    return frame;
}

/// Only a header that promises `size` bytes in `lengthBytes` bytes.
QByteArray header(quint8 first, int lengthBytes, quint64 size)
{
    QByteArray bytes(1, char(first));
    bytes += char(0x80 | (lengthBytes == 8 ? 127 : 126));
    for (int shift = 8 * (lengthBytes - 1); shift >= 0; shift -= 8)
        bytes += char(size >> shift);
    return bytes + QByteArray(4, '\0');
}

void addReserved(Cases &cases)
{
    for (int bits = 1; bits <= 7; ++bits) {
        for (const int opcode : {0x1, 0x2, 0x8, 0x9, 0xa}) {
            const QByteArray first = hex(0x80 | bits << 4 | opcode);
            cases.push_back(
                {.name = "5.2: reserved bits " + hex(bits) + " of opcode " + hex(opcode),
                 .frames = {QByteArray::fromHex(first) + QByteArray::fromHex("8000000000")},
                 .closeCode = 1002});
        }
    }
    cases.push_back({.name = "5.2: reserved bit of a continuation",
                     .frames = {ClientFrame{0x01, "a"}.bytes(), ClientFrame{0xc0, "b"}.bytes()},
                     .closeCode = 1002});
    for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
        cases.push_back({.name = "5.2: reserved opcode " + hex(opcode),
                         .frames = {ClientFrame{quint8(0x80 | opcode), ""}.bytes()},
                         .closeCode = 1002});
        cases.push_back({.name = "5.2: fragment of reserved opcode " + hex(opcode),
                         .frames = {ClientFrame{quint8(opcode), "a"}.bytes()},
                         .closeCode = 1002});
    }
}

void addMasks(Cases &cases)
{
    for (const int first : {0x81, 0x82, 0x88, 0x89, 0x8a, 0x01, 0x80}) {
        cases.push_back({.name = "5.1: opcode " + hex(first & 0xf) + " without a mask, first byte "
                             + hex(first),
                         .frames = {ClientFrame{quint8(first), "", -1, false}.bytes()},
                         .closeCode = 1002});
    }
    cases.push_back(
        {.name = "5.1: unmasked behind a good message",
         .frames = {ClientFrame{0x81, "a"}.bytes(), ClientFrame{0x81, "b", -1, false}.bytes()},
         .messages = {"t:a"},
         .closeCode = 1002});
    const QByteArrayList keys{QByteArray(4, '\0'), QByteArray(4, '\xff'), "\x01\x02\x03\x04",
                              "\x80\x7f\x0a\x0d"};
    for (const QByteArray &key : keys) {
        for (const char *text : {"", "a", "abcd", "seventeen letters"}) {
            cases.push_back({.name = "5.3: mask " + key.toHex() + " of '" + text + '\'',
                             .frames = {textMaskedWith(key, text)},
                             .messages = {QByteArray("t:") + text}});
        }
    }
}

void addLengths(Cases &cases)
{
    for (const int size : {0, 1, 7, 8, 9, 124, 125, 126, 127, 128, 255, 256, 4095, 4096, 65534,
                           65535, 65536, 65537}) {
        const QByteArray payload(size, 'x');
        cases.push_back({.name = "5.2: text of " + QByteArray::number(size),
                         .frames = {ClientFrame{0x81, payload}.bytes()},
                         .messages = {"t:" + payload}});
        cases.push_back({.name = "5.2: binary of " + QByteArray::number(size),
                         .frames = {ClientFrame{0x82, payload}.bytes()},
                         .messages = {"b:" + payload}});
    }
    for (const int size : {0, 1, 125}) {
        cases.push_back({.name = "5.2: " + QByteArray::number(size) + " written in 16 bits",
                         .frames = {ClientFrame{0x81, QByteArray(size, 'x'), 2}.bytes()},
                         .closeCode = 1002});
    }
    for (const int size : {0, 125, 126, 65535}) {
        cases.push_back({.name = "5.2: " + QByteArray::number(size) + " written in 64 bits",
                         .frames = {ClientFrame{0x81, QByteArray(size, 'x'), 8}.bytes()},
                         .closeCode = 1002});
    }
    cases.push_back({.name = "5.2: the highest bit of a 64-bit length",
                     .frames = {header(0x82, 8, quint64(1) << 63)},
                     .closeCode = 1002});
    cases.push_back({.name = "10.4: as much as is allowed",
                     .frames = {ClientFrame{0x82, QByteArray(kConformanceLimit, 'x')}.bytes()},
                     .messages = {"b:" + QByteArray(kConformanceLimit, 'x')}});
    // Refused by their header: nobody waits for a payload that will not be taken.
    for (const quint64 size : {quint64(kConformanceLimit + 1), quint64(1) << 31, quint64(1) << 40,
                               (quint64(1) << 63) - 1}) {
        cases.push_back({.name = "10.4: a header that promises " + QByteArray::number(size),
                         .frames = {header(0x82, 8, size)},
                         .closeCode = 1009});
    }
    cases.push_back({.name = "5.2: many messages in one segment",
                     .frames = {ClientFrame{0x81, "x"}.bytes().repeated(500)},
                     .messages = QByteArrayList(500, "t:x")});
}

} // namespace

std::vector<ConformanceCase> framingCases()
{
    Cases cases;
    addReserved(cases);
    addMasks(cases);
    addLengths(cases);
    return cases;
}

std::vector<ConformanceCase> fragmentCases()
{
    Cases cases;
    const auto add = [&cases](const char *name, const QList<ClientFrame> &frames,
                              const QByteArrayList &messages, int closeCode = 0,
                              const QByteArrayList &pongs = {}) {
        QByteArrayList bytes;
        for (const ClientFrame &frame : frames)
            bytes += frame.bytes();
        cases.push_back({QByteArray("5.4: ") + name, bytes, messages, pongs, closeCode});
    };
    add("two fragments", {{0x01, "he"}, {0x80, "llo"}}, {"t:hello"});
    add("three fragments", {{0x01, "a"}, {0x00, "b"}, {0x80, "c"}}, {"t:abc"});
    add("binary fragments", {{0x02, "a"}, {0x00, "\xff"}, {0x80, "c"}},
        {"b:a\xff"
         "c"});
    add("empty fragments", {{0x01, ""}, {0x00, ""}, {0x80, ""}}, {"t:"});
    add("first one empty", {{0x01, ""}, {0x80, "a"}}, {"t:a"});
    add("middle one empty", {{0x01, "a"}, {0x00, ""}, {0x80, "b"}}, {"t:ab"});
    add("last one empty", {{0x01, "a"}, {0x80, ""}}, {"t:a"});
    add("ping between", {{0x01, "a"}, {0x89, "p"}, {0x80, "b"}}, {"t:ab"}, 0, {"p"});
    add("pings between all",
        {{0x01, "a"}, {0x89, "1"}, {0x00, "b"}, {0x89, "2"}, {0x80, "c"}, {0x89, "3"}}, {"t:abc"},
        0, {"1", "2", "3"});
    add("pong between", {{0x01, "a"}, {0x8a, "p"}, {0x80, "b"}}, {"t:ab"});
    add("close between", {{0x01, "a"}, {0x88, QByteArray("\x03\xe8", 2)}, {0x80, "b"}}, {}, 1000);
    add("message behind fragments", {{0x01, "a"}, {0x80, "b"}, {0x81, "c"}}, {"t:ab", "t:c"});
    add("fragments behind a message", {{0x81, "a"}, {0x01, "b"}, {0x80, "c"}}, {"t:a", "t:bc"});
    add("two messages in fragments", {{0x01, "a"}, {0x80, "b"}, {0x02, "c"}, {0x80, "d"}},
        {"t:ab", "b:cd"});
    add("continuation of nothing", {{0x80, "a"}}, {}, 1002);
    add("unfinished continuation of nothing", {{0x00, "a"}}, {}, 1002);
    add("continuation behind a whole message", {{0x81, "a"}, {0x80, "b"}}, {"t:a"}, 1002);
    add("continuation behind the end", {{0x01, "a"}, {0x80, "b"}, {0x80, "c"}}, {"t:ab"}, 1002);
    add("text inside of a message", {{0x01, "a"}, {0x81, "b"}}, {}, 1002);
    add("fragment inside of a message", {{0x01, "a"}, {0x01, "b"}}, {}, 1002);
    add("binary inside of a text", {{0x01, "a"}, {0x82, "b"}}, {}, 1002);
    add("text inside of a binary", {{0x02, "a"}, {0x81, "b"}}, {}, 1002);
    add("text inside, a ping before", {{0x01, "a"}, {0x89, "p"}, {0x81, "b"}}, {}, 1002, {"p"});
    add("as much as is allowed", {{0x02, QByteArray(kConformanceLimit - 1, 'x')}, {0x80, "x"}},
        {"b:" + QByteArray(kConformanceLimit, 'x')});
    add("one byte too many", {{0x02, QByteArray(kConformanceLimit, 'x')}, {0x80, "x"}}, {}, 1009);
    QList<ClientFrame> many{{0x01, "x"}};
    for (int i = 0; i < 300; ++i)
        many += ClientFrame{0x00, "y"};
    add("300 fragments of one byte", many << ClientFrame{0x80, "z"},
        {"t:x" + QByteArray(300, 'y') + 'z'});
    for (const int size : {125, 126, 65535, 65536}) {
        const QByteArray part(size, 'p');
        cases.push_back({"5.4: a fragment of " + QByteArray::number(size),
                         {ClientFrame{0x02, part}.bytes(), ClientFrame{0x80, "q"}.bytes()},
                         {"b:" + part + 'q'},
                         {},
                         0});
    }
    return cases;
}

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "conformancecases.h"
#include "support/fakeclient.h"

namespace Rollcall::Realtime {

namespace {

using Cases = std::vector<ConformanceCase>;

QByteArray number(int value) { return QByteArray::number(value); }

QByteArray closeFrame(int code, const QByteArray &reason = {})
{
    const QByteArray payload = QByteArray(1, char(code >> 8)) + char(code & 0xff) + reason;
    return ClientFrame{0x88, payload}.bytes();
}

QByteArray text(const QByteArray &payload) { return ClientFrame{0x81, payload}.bytes(); }

void addPings(Cases &cases)
{
    for (const int size : {0, 1, 124, 125}) {
        const QByteArray payload(size, 'p');
        cases.push_back({.name = "5.5.2: ping of " + number(size),
                         .frames = {ClientFrame{0x89, payload}.bytes()},
                         .pongs = {payload}});
        cases.push_back({.name = "5.5.3: pong of " + number(size) + " that nobody asked for",
                         .frames = {ClientFrame{0x8a, payload}.bytes(), text("a")},
                         .messages = {"t:a"}});
    }
    for (const int first : {0x88, 0x89, 0x8a}) {
        const QByteArray opcode = QByteArray::number(first & 0xf, 16);
        for (const int size : {126, 127, 65536}) {
            cases.push_back({.name = "5.5: control frame " + opcode + " of " + number(size),
                             .frames = {ClientFrame{quint8(first), QByteArray(size, 'x')}.bytes()},
                             .closeCode = 1002});
        }
        cases.push_back({.name = "5.5: fragment of control frame " + opcode,
                         .frames = {ClientFrame{quint8(first & 0xf), ""}.bytes()},
                         .closeCode = 1002});
        cases.push_back({.name = "5.5: control frame " + opcode + " with its length in 16 bits",
                         .frames = {ClientFrame{quint8(first), "x", 2}.bytes()},
                         .closeCode = 1002});
    }
    cases.push_back({.name = "5.5.2: ping with bytes that are not UTF-8",
                     .frames = {ClientFrame{0x89, "\xff\xfe"}.bytes()},
                     .pongs = {"\xff\xfe"}});
    cases.push_back({.name = "5.5.2: ten pings",
                     .frames = QByteArrayList(10, ClientFrame{0x89, "x"}.bytes()),
                     .pongs = QByteArrayList(10, "x")});
    cases.push_back({.name = "5.5.2: ping behind a message",
                     .frames = {text("a"), ClientFrame{0x89, "x"}.bytes(), text("b")},
                     .messages = {"t:a", "t:b"},
                     .pongs = {"x"}});
}

void addCloses(Cases &cases)
{
    for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
                           3000, 3999, 4000, 4500, 4999}) {
        cases.push_back({.name = "7.4: close with " + number(code),
                         .frames = {closeFrame(code)},
                         .closeCode = code});
    }
    for (const int code :
         {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
        cases.push_back({.name = "7.4: close with " + number(code) + ", which must not be sent",
                         .frames = {closeFrame(code)},
                         .closeCode = 1002});
    }
    cases.push_back({.name = "7.1.5: close without a code",
                     .frames = {ClientFrame{0x88, ""}.bytes()},
                     .closeCode = 1005});
    cases.push_back({.name = "5.5.1: half a code",
                     .frames = {ClientFrame{0x88, "\x03"}.bytes()},
                     .closeCode = 1002});
    for (const int size : {1, 122, 123}) {
        cases.push_back({.name = "5.5.1: a reason of " + number(size),
                         .frames = {closeFrame(1000, QByteArray(size, 'r'))},
                         .closeCode = 1000});
    }
    cases.push_back({.name = "5.5.1: a reason of 124",
                     .frames = {closeFrame(1000, QByteArray(124, 'r'))},
                     .closeCode = 1002});
    cases.push_back({.name = "5.5.1: a reason in UTF-8",
                     .frames = {closeFrame(1001,
                                           "auf ein n\xc3\xa4"
                                           "chstes")},
                     .closeCode = 1001});
    for (const char *reason : {"\xff", "bye\xc3", "\xed\xa0\x80", "\xc0\xaf"}) {
        cases.push_back(
            {.name = QByteArray("8.1: a reason that is not UTF-8: ") + QByteArray(reason).toHex(),
             .frames = {closeFrame(1000, reason)},
             .closeCode = 1007});
    }
    cases.push_back({.name = "5.5.1: text behind a close",
                     .frames = {closeFrame(1000), text("late")},
                     .closeCode = 1000});
    cases.push_back({.name = "5.5.1: ping behind a close",
                     .frames = {closeFrame(1000), ClientFrame{0x89, "late"}.bytes()},
                     .closeCode = 1000});
    cases.push_back({.name = "7.1.5: the first of two closes counts",
                     .frames = {closeFrame(4001), closeFrame(4002)},
                     .closeCode = 4001});
    cases.push_back({.name = "5.5.1: text, then close",
                     .frames = {text("a"), closeFrame(1000)},
                     .messages = {"t:a"},
                     .closeCode = 1000});
    cases.push_back({.name = "7.1.7: nothing counts behind a broken frame",
                     .frames = {text("a"), ClientFrame{0x83, ""}.bytes(), text("b")},
                     .messages = {"t:a"},
                     .closeCode = 1002});
    cases.push_back({.name = "7.1.7: a close behind a broken frame changes nothing",
                     .frames = {ClientFrame{0x83, ""}.bytes(), closeFrame(1000)},
                     .closeCode = 1002});
}

} // namespace

std::vector<ConformanceCase> controlCases()
{
    Cases cases;
    addPings(cases);
    addCloses(cases);
    return cases;
}

std::vector<ConformanceCase> textCases()
{
    Cases cases;
    // The first and the last code point of each length, and those around the surrogates.
    const QByteArrayList characters{QByteArray(1, '\0'), "\x7f",
                                    "\xc2\x80",          "\xdf\xbf",
                                    "\xe0\xa0\x80",      "\xed\x9f\xbf",
                                    "\xee\x80\x80",      "\xef\xbf\xbd",
                                    "\xef\xbf\xbf",      "\xf0\x90\x80\x80",
                                    "\xf0\x9f\x99\x82",  "\xf4\x8f\xbf\xbf"};
    for (const QByteArray &character : characters) {
        cases.push_back({.name = "8.1: the character " + character.toHex(),
                         .frames = {text("a" + character + "b")},
                         .messages = {"t:a" + character + "b"}});
        for (qsizetype cut = 1; cut < character.size(); ++cut) {
            const QByteArray head = character.left(cut);
            const QByteArray tail = character.mid(cut);
            cases.push_back(
                {.name = "8.1: " + character.toHex() + " cut after " + QByteArray::number(cut),
                 .frames = {ClientFrame{0x01, head}.bytes(), ClientFrame{0x80, tail}.bytes()},
                 .messages = {"t:" + character}});
        }
    }
    cases.push_back(
        {.name = "8.1: a ping inside of a character",
         .frames = {ClientFrame{0x01, "\xf0\x9f"}.bytes(), ClientFrame{0x89, "p"}.bytes(),
                    ClientFrame{0x80, "\x99\x82"}.bytes()},
         .messages = {"t:\xf0\x9f\x99\x82"},
         .pongs = {"p"}});
    cases.push_back(
        {.name = "8.1: a character in four fragments",
         .frames = {ClientFrame{0x01, "\xf0"}.bytes(), ClientFrame{0x00, "\x9f"}.bytes(),
                    ClientFrame{0x00, "\x99"}.bytes(), ClientFrame{0x80, "\x82"}.bytes()},
         .messages = {"t:\xf0\x9f\x99\x82"}});

    const QByteArrayList wrong{"\x80",
                               "\xbf",
                               "\x80\x80", // continuations of nothing
                               "\xc0\x80",
                               "\xc0\xaf",
                               "\xc1\xbf",
                               "\xe0\x80\xaf",
                               "\xe0\x9f\xbf",
                               "\xf0\x80\x80\xaf",
                               "\xf0\x8f\xbf\xbf", // overlong
                               "\xed\xa0\x80",
                               "\xed\xad\xbf",
                               "\xed\xb0\x80",
                               "\xed\xbf\xbf",
                               "\xed\xa0\xbd\xed\xb8\x82", // surrogates
                               "\xf4\x90\x80\x80",
                               "\xf5\x80\x80\x80",
                               "\xf8\x88\x80\x80\x80",
                               "\xfc\x84\x80\x80\x80\x80", // beyond the last
                               "\xfe",
                               "\xff",
                               "\xc3(",
                               "\xe2\x82(",
                               "\xf0\x9f\x99("}; // never, or cut short by another
    for (const QByteArray &bytes : wrong) {
        cases.push_back({.name = "8.1: wrong: " + bytes.toHex(),
                         .frames = {text("a" + bytes)},
                         .closeCode = 1007});
        cases.push_back({.name = "8.1: wrong in the first fragment: " + bytes.toHex(),
                         .frames = {ClientFrame{0x01, bytes}.bytes()},
                         .closeCode = 1007});
        cases.push_back(
            {.name = "8.1: wrong in the last fragment: " + bytes.toHex(),
             .frames = {ClientFrame{0x01, "a"}.bytes(), ClientFrame{0x80, bytes}.bytes()},
             .closeCode = 1007});
        cases.push_back({.name = "8.1: not looked at in a binary message: " + bytes.toHex(),
                         .frames = {ClientFrame{0x82, bytes}.bytes()},
                         .messages = {"b:" + bytes}});
    }
    for (const QByteArray &part : QByteArrayList{"\xc3", "\xe2\x82", "\xf0\x9f\x99"}) {
        cases.push_back({.name = "8.1: ends inside of a character: " + part.toHex(),
                         .frames = {text(part)},
                         .closeCode = 1007});
        cases.push_back(
            {.name = "8.1: fragments end inside of a character: " + part.toHex(),
             .frames = {ClientFrame{0x01, "a"}.bytes(), ClientFrame{0x80, part}.bytes()},
             .closeCode = 1007});
    }
    return cases;
}

} // namespace Rollcall::Realtime

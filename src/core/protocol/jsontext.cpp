// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/jsontext.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace Rollcall {

namespace {

constexpr double kExactIntegers = 9007199254740992.0; // 2^53

bool needsEscape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

bool isPlain(QByteArrayView text)
{
    bool isPlain = true;
    for (const char c : text) // all of it, without a branch: that the compiler makes fast
        isPlain &= !needsEscape(c);
    return isPlain;
}

void appendEscaped(QByteArray &out, char c)
{
    static constexpr char kHex[] = "0123456789abcdef";
    switch (c) {
    case '"':
        out += "\\\"";
        break;
    case '\\':
        out += "\\\\";
        break;
    case '\n':
        out += "\\n";
        break;
    case '\r':
        out += "\\r";
        break;
    case '\t':
        out += "\\t";
        break;
    default:
        out += "\\u00";
        out += kHex[(static_cast<unsigned char>(c) >> 4) & 0xf];
        out += kHex[static_cast<unsigned char>(c) & 0xf];
    }
}

void appendEscaped(QByteArray &out, QByteArrayView text)
{
    const char *plain = text.begin();
    for (const char *c = text.begin(); c != text.end(); ++c) {
        if (!needsEscape(*c))
            continue;
        out.append(plain, c - plain);
        appendEscaped(out, *c);
        plain = c + 1;
    }
    out.append(plain, text.end() - plain);
}

template <typename Number>
void appendChars(QByteArray &out, Number number)
{
    char buffer[32];
    const auto result = std::to_chars(buffer, buffer + sizeof buffer, number);
    out.append(buffer, result.ptr - buffer);
}

} // namespace

void appendJsonText(QByteArray &out, QByteArrayView text)
{
    if (isPlain(text)) {
        const qsizetype size = out.size();
        out.resize(size + text.size() + 2);
        char *to = out.data() + size;
        *to = '"';
        std::copy(text.begin(), text.end(), to + 1);
        to[text.size() + 1] = '"';
        return;
    }
    out += '"';
    appendEscaped(out, text);
    out += '"';
}

void appendJsonNumber(QByteArray &out, double number)
{
    Q_ASSERT(std::isfinite(number));
    if (std::abs(number) < kExactIntegers && number == std::trunc(number))
        appendChars(out, static_cast<qint64>(number));
    else
        appendChars(out, number);
}

void appendJsonInteger(QByteArray &out, qint64 number) { appendChars(out, number); }
void appendJsonInteger(QByteArray &out, quint64 number) { appendChars(out, number); }

EscapedJsonText::EscapedJsonText(QByteArrayView text)
    : m_text(text)
{
    if (!isPlain(text))
        appendEscaped(m_copy, text);
}

} // namespace Rollcall

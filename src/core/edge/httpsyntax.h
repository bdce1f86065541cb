// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <string_view>

/// Characters and small pieces of HTTP (RFC 9110, RFC 9112). Locale plays no part.
namespace Rollcall::Http {

constexpr bool isDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool isAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Value of a hexadecimal digit, or -1.
constexpr int hexValue(char c)
{
    if (isDigit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// tchar (RFC 9110 5.6.2).
constexpr bool isTokenCharacter(char c)
{
    return isDigit(c) || isAlpha(c)
        || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// What may stand in a header's value: printable, blank, tab, and bytes above ASCII.
constexpr bool isFieldCharacter(char c)
{
    const auto u = static_cast<unsigned char>(c);
    return u == '\t' || (u >= 0x20 && u != 0x7f);
}

/// What may stand in a request target; what should have been percent-encoded but is harmless is let
/// through.
constexpr bool isTargetCharacter(char c)
{
    return c > 0x20 && c < 0x7f && c != '#' && c != '<' && c != '>' && c != '"' && c != '\\';
}

constexpr bool isToken(std::string_view text)
{
    for (char c : text) {
        if (!isTokenCharacter(c))
            return false;
    }
    return !text.empty();
}

constexpr bool hasValidEscapes(std::string_view text)
{
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%')
            continue;
        if (i + 2 >= text.size() || hexValue(text[i + 1]) < 0 || hexValue(text[i + 2]) < 0)
            return false;
        i += 2;
    }
    return true;
}

/// host[:port] without user information; may be empty.
constexpr bool isAuthority(std::string_view text)
{
    for (char c : text) {
        if (!isDigit(c) && !isAlpha(c)
            && std::string_view("-._~:[]%").find(c) == std::string_view::npos)
            return false;
    }
    return text.size() <= 262; // 255 for the name, a colon, the port
}

constexpr std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

inline bool equals(QByteArrayView a, QByteArrayView b)
{
    return a.size() == b.size() && qstrnicmp(a.data(), b.data(), size_t(a.size())) == 0;
}

inline bool startsWith(std::string_view text, std::string_view prefix)
{
    return text.size() >= prefix.size()
        && qstrnicmp(text.data(), prefix.data(), prefix.size()) == 0;
}

inline QByteArray toBytes(std::string_view text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

} // namespace Rollcall::Http

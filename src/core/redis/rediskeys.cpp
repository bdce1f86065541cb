// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/rediskeys.h"

#include <algorithm>

namespace Rollcall {

namespace {

constexpr QByteArrayView kAnonymous = "anon:";
constexpr QByteArrayView kUser = "user:";

bool isSpecial(char c) { return c == ':' || c == '{' || c == '}' || c == '%'; }

} // namespace

QByteArray encodeKeyPart(const QByteArray &id)
{
    if (std::ranges::none_of(id, isSpecial))
        return id;
    QByteArray part;
    part.reserve(id.size());
    for (const char c : id) {
        switch (c) {
        case ':':
            part += "%3A";
            break;
        case '{':
            part += "%7B";
            break;
        case '}':
            part += "%7D";
            break;
        case '%':
            part += "%25";
            break;
        default:
            part += c;
        }
    }
    return part;
}

QByteArray decodeKeyPart(QByteArrayView part)
{
    return QByteArray::fromPercentEncoding(part.toByteArray());
}

QByteArray memberName(const UserId &user)
{
    const QByteArray &id = user.value();
    if (id.startsWith(kAnonymous))
        return kAnonymous.toByteArray() + encodeKeyPart(id.sliced(kAnonymous.size()));
    return kUser.toByteArray() + encodeKeyPart(id);
}

UserId userFromMemberName(QByteArrayView name)
{
    if (name.startsWith(kAnonymous))
        return UserId(kAnonymous.toByteArray() + decodeKeyPart(name.sliced(kAnonymous.size())));
    if (name.startsWith(kUser))
        return UserId(decodeKeyPart(name.sliced(kUser.size())));
    return UserId();
}

} // namespace Rollcall

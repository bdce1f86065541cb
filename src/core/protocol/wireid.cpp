// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/wireid.h"

#include <simdjson.h>

namespace Rollcall {

namespace {

bool isText(QByteArrayView text)
{
    if (!simdjson::validate_utf8(text.data(), size_t(text.size())))
        return false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const auto byte = quint8(text[i]);
        if (byte < 0x20 || byte == 0x7f)
            return false;
        if (byte == 0xc2
            && quint8(text[i + 1]) < 0xa0) // U+0080-U+009F; valid UTF-8 has a second byte
            return false;
    }
    return true;
}

} // namespace

qsizetype codePointCount(QByteArrayView utf8)
{
    qsizetype count = 0;
    for (const char byte : utf8)
        count += (quint8(byte) & 0xc0) != 0x80;
    return count;
}

bool isValidId(QByteArrayView id, qsizetype maxBytes)
{
    return !id.isEmpty() && id.size() <= maxBytes && isText(id);
}

bool isValidDisplayName(QByteArrayView name)
{
    return !name.isEmpty() && name.size() <= 4 * kMaxDisplayNameCharacters && isText(name)
        && codePointCount(name) <= kMaxDisplayNameCharacters;
}

bool isValidAvatar(QByteArrayView avatar)
{
    if (avatar.size() > kMaxAvatarBytes || !isText(avatar))
        return false;
    // "scheme:" of anything else (javascript:, data:) never reaches a page.
    return avatar.startsWith("https://") || avatar.startsWith("http://") || avatar.indexOf(':') < 0;
}

} // namespace Rollcall

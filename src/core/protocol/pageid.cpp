// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/pageid.h"

#include "core/protocol/wireid.h"

#include <QCryptographicHash>

namespace Rollcall {

std::optional<RoomId> pageRoom(QByteArrayView url)
{
    if (!url.startsWith('/'))
        return std::nullopt;
    QByteArrayView path = url;
    for (const char mark : {'#', '?'}) {
        if (const qsizetype at = path.indexOf(mark); at >= 0)
            path.truncate(at);
    }
    while (path.size() > 1 && path.endsWith('/'))
        path.chop(1);
    if (!isValidId(path, std::max(path.size(), kMaxPageIdBytes)))
        return std::nullopt;
    if (path.size() <= kMaxPageIdBytes)
        return RoomId(path.toByteArray());
    return RoomId(
        '~' + QCryptographicHash::hash(path.toByteArray(), QCryptographicHash::Sha256).toHex());
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QByteArray>

namespace Rollcall {

/// A Lua script and its SHA-1, as EVALSHA wants it.
class ROLLCALL_CORE_EXPORT RedisScript
{
public:
    explicit RedisScript(QByteArray source);

    const QByteArray &source() const { return m_source; }
    /// 40 hexadecimal digits.
    const QByteArray &sha1() const { return m_sha1; }

private:
    QByteArray m_source;
    QByteArray m_sha1;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QByteArray>

#include <vector>

namespace Rollcall {

/// A reply of Redis (RESP2), or the reason why there is none.
struct ROLLCALL_CORE_EXPORT RedisReply
{
    enum class Type {
        Null,
        Status,
        Text,
        Integer,
        Array,
        Error, ///< text: what Redis said, "WRONGTYPE Operation ..."
        Failure, ///< never answered: text says why (timed out, connection lost, not connected)
    };

    Type type = Type::Null;
    qint64 integer = 0;
    QByteArray text; ///< Status, Text, Error, Failure
    std::vector<RedisReply> elements; ///< Array

    bool isOk() const { return type != Type::Error && type != Type::Failure; }
    bool isNull() const { return type == Type::Null; }
    bool isArray() const { return type == Type::Array; }
    /// First word of an Error: "NOSCRIPT", "OOM"; empty otherwise.
    QByteArray errorCode() const;
};

} // namespace Rollcall

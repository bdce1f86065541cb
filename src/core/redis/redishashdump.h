// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/bytebuffer.h"
#include "core/base/export.h"

namespace Rollcall {

/// A small hash in the form of DUMP, for RESTORE: the whole key with its deadline in one command,
/// which Redis refuses (BUSYKEY) where there is a key already. It costs Redis two thirds of HSET
/// and PEXPIREAT.
///
/// A listpack (github.com/antirez/listpack) as Redis 7 holds small hashes in memory, RDB version
/// 10: Redis before 7.0 answers "ERR DUMP payload version or checksum are wrong". Redis does not
/// look for fields that are there twice: the caller must not write them.
class ROLLCALL_CORE_EXPORT RedisHashDump
{
public:
    RedisHashDump();
    /// Begins again, with the memory of the last.
    void clear();
    RedisHashDump &field(QByteArrayView name, QByteArrayView value)
    {
        return add({name}).add({value});
    }
    /// A name or a value, in parts: names and values in turns.
    RedisHashDump &add(std::initializer_list<QByteArrayView> parts);
    /// Complete; it is valid until clear(). To be called once, and with at least one field.
    QByteArrayView finish();

private:
    ByteBuffer m_buffer;
    quint16 m_strings = 0;
};

} // namespace Rollcall

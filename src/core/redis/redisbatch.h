// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/bytebuffer.h"
#include "core/base/export.h"

#include <span>

namespace Rollcall {

/// Commands written one after another into one buffer, as they go over the wire: for many at once,
/// see RedisClient::run(). Nothing is allocated per command or argument.
class ROLLCALL_CORE_EXPORT RedisBatch
{
public:
    /// A command of so many arguments, its name included: that many add() follow.
    RedisBatch &begin(qsizetype arguments);
    RedisBatch &add(QByteArrayView argument);
    /// One argument in parts.
    RedisBatch &add(std::initializer_list<QByteArrayView> parts);
    RedisBatch &addNumber(qint64 number);
    /// Arguments as another batch has written them.
    RedisBatch &addWritten(QByteArrayView arguments, qsizetype count);
    /// A whole command.
    RedisBatch &command(std::span<const QByteArrayView> arguments);
    RedisBatch &command(std::initializer_list<QByteArrayView> arguments)
    {
        return command(std::span(arguments.begin(), arguments.size()));
    }

    /// All commands of the other.
    RedisBatch &append(const RedisBatch &other);

    /// Keeps the memory.
    void clear();
    void reserve(qsizetype bytes) { m_buffer.reserve(bytes); }
    bool isEmpty() const { return m_size == 0; }
    /// Commands.
    size_t size() const { return m_size; }
    /// Valid until the next change.
    QByteArrayView bytes() const { return m_buffer.view(); }
    /// The batch is empty after it.
    QByteArray takeBytes();
    /// The last command has all its arguments.
    bool isComplete() const { return m_missing == 0; }

private:
    ByteBuffer m_buffer;
    size_t m_size = 0;
    qsizetype m_missing = 0; // arguments of the last command
};

} // namespace Rollcall

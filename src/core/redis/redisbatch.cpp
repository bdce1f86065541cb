// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisbatch.h"

#include <charconv>

namespace Rollcall {

namespace {

// A mark, the digits of a length and the end of the line.
constexpr qsizetype kLongestHead = 24;

char *writeHead(char *to, char mark, qsizetype number)
{
    *to++ = mark;
    to = std::to_chars(to, to + kLongestHead, number).ptr;
    *to++ = '\r';
    *to++ = '\n';
    return to;
}

} // namespace

RedisBatch &RedisBatch::begin(qsizetype arguments)
{
    Q_ASSERT(m_missing == 0 && arguments > 0);
    m_buffer.endAt(writeHead(m_buffer.extend(kLongestHead), '*', arguments));
    m_missing = arguments;
    ++m_size;
    return *this;
}

RedisBatch &RedisBatch::add(QByteArrayView argument) { return add({argument}); }

RedisBatch &RedisBatch::add(std::initializer_list<QByteArrayView> parts)
{
    Q_ASSERT(m_missing > 0);
    --m_missing;
    const qsizetype size = ByteBuffer::sizeOf(parts);
    char *to = writeHead(m_buffer.extend(kLongestHead + size + 2), '$', size);
    to = ByteBuffer::write(to, parts);
    *to++ = '\r';
    *to++ = '\n';
    m_buffer.endAt(to);
    return *this;
}

RedisBatch &RedisBatch::addNumber(qint64 number)
{
    char digits[kLongestHead];
    const char *end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return add(QByteArrayView(digits, end));
}

RedisBatch &RedisBatch::addWritten(QByteArrayView arguments, qsizetype count)
{
    Q_ASSERT(m_missing >= count);
    m_missing -= count;
    m_buffer.append(arguments);
    return *this;
}

RedisBatch &RedisBatch::append(const RedisBatch &other)
{
    Q_ASSERT(m_missing == 0 && other.m_missing == 0);
    m_buffer.append(other.bytes());
    m_size += other.m_size;
    return *this;
}

RedisBatch &RedisBatch::command(std::span<const QByteArrayView> arguments)
{
    begin(qsizetype(arguments.size()));
    for (const QByteArrayView argument : arguments)
        add(argument);
    return *this;
}

void RedisBatch::clear()
{
    m_buffer.clear();
    m_size = 0;
    m_missing = 0;
}

QByteArray RedisBatch::takeBytes()
{
    Q_ASSERT(m_missing == 0);
    m_size = 0;
    return m_buffer.take();
}

} // namespace Rollcall

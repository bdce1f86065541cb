// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisbatch.h"

#include <algorithm>
#include <charconv>
#include <cstring>

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

char *write(char *to, QByteArrayView bytes)
{
    if (!bytes.isEmpty())
        std::memcpy(to, bytes.data(), size_t(bytes.size()));
    return to + bytes.size();
}

} // namespace

/// Room for so many bytes more; give back with resize() what was not needed.
char *RedisBatch::extend(qsizetype bytes)
{
    const qsizetype size = m_bytes.size();
    if (m_bytes.capacity() < size + bytes)
        m_bytes.reserve(std::max(2 * m_bytes.capacity(), size + bytes));
    m_bytes.resize(size + bytes);
    return m_bytes.data() + size;
}

RedisBatch &RedisBatch::begin(qsizetype arguments)
{
    Q_ASSERT(m_missing == 0 && arguments > 0);
    const char *end = writeHead(extend(kLongestHead), '*', arguments);
    m_bytes.resize(end - m_bytes.constData());
    m_missing = arguments;
    ++m_size;
    return *this;
}

RedisBatch &RedisBatch::add(QByteArrayView argument) { return add({argument}); }

RedisBatch &RedisBatch::add(std::initializer_list<QByteArrayView> parts)
{
    Q_ASSERT(m_missing > 0);
    --m_missing;
    qsizetype size = 0;
    for (const QByteArrayView part : parts)
        size += part.size();
    char *to = writeHead(extend(kLongestHead + size + 2), '$', size);
    for (const QByteArrayView part : parts)
        to = write(to, part);
    to = write(to, "\r\n");
    m_bytes.resize(to - m_bytes.constData());
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
    write(extend(arguments.size()), arguments);
    return *this;
}

RedisBatch &RedisBatch::append(const RedisBatch &other)
{
    Q_ASSERT(m_missing == 0 && other.m_missing == 0);
    write(extend(other.m_bytes.size()), other.m_bytes);
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

} // namespace Rollcall

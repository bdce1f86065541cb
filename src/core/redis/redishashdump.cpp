// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redishashdump.h"

#include <QtEndian>

#include <algorithm>
#include <array>

namespace Rollcall {

namespace {

// The payload: type, length of the listpack, listpack, RDB version, CRC-64 of all that.
constexpr char kHashListpack = 16;
constexpr char kLength32 = char(0x80); // followed by the length, big-endian
constexpr quint16 kRdbVersion = 10;
// The listpack: its size, number of strings, strings, end.
constexpr qsizetype kListpackAt = 1 + 1 + sizeof(quint32);
constexpr qsizetype kStringsAt = kListpackAt + qsizetype(sizeof(quint32));
constexpr qsizetype kHead = kStringsAt + qsizetype(sizeof(quint16));
constexpr char kListpackEnd = char(0xff);
constexpr qsizetype kTail = 1 + sizeof kRdbVersion + sizeof(quint64);
// A string: its length, bytes, and the size of these two, so that it can be read backwards.
constexpr qsizetype kLength6 = 64;
constexpr qsizetype kLength12 = 4096;
constexpr qsizetype kLongestLength = 5;
constexpr qsizetype kLongestBackLength = 5;

/// CRC-64 "Jones", reflected, eight bytes at a time.
class Crc64
{
public:
    constexpr Crc64()
    {
        for (quint64 byte = 0; byte < 256; ++byte) {
            quint64 crc = byte;
            for (int bit = 0; bit < 8; ++bit)
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
            m_table[0][byte] = crc;
        }
        for (size_t slice = 1; slice < m_table.size(); ++slice) {
            for (size_t byte = 0; byte < 256; ++byte) {
                const quint64 crc = m_table[slice - 1][byte];
                m_table[slice][byte] = (crc >> 8) ^ m_table[0][crc & 0xff];
            }
        }
    }

    quint64 of(QByteArrayView bytes) const
    {
        quint64 crc = 0;
        for (; bytes.size() >= 8; bytes = bytes.sliced(8)) {
            crc ^= qFromLittleEndian<quint64>(bytes.data());
            quint64 next = 0;
            for (size_t i = 0; i < 8; ++i)
                next ^= m_table[7 - i][(crc >> (8 * i)) & 0xff];
            crc = next;
        }
        for (const char byte : bytes)
            crc = (crc >> 8) ^ m_table[0][(crc ^ quint8(byte)) & 0xff];
        return crc;
    }

private:
    static constexpr quint64 kPolynomial = 0x95ac9329ac4bc9b5;
    std::array<std::array<quint64, 256>, 8> m_table{};
};

char *writeLength(char *to, qsizetype size)
{
    if (size < kLength6) {
        *to++ = char(0x80 | size);
    } else if (size < kLength12) {
        *to++ = char(0xe0 | (size >> 8));
        *to++ = char(size & 0xff);
    } else {
        *to++ = char(0xf0);
        qToLittleEndian(quint32(size), to);
        to += sizeof(quint32);
    }
    return to;
}

/// Seven bits a byte, the highest first; all but the first say that there are more before them.
char *writeBackLength(char *to, qsizetype size)
{
    if (size < 128) {
        *to++ = char(size);
        return to;
    }
    // Redis' own bounds: it computes from the size how many bytes there are.
    static constexpr std::array<qsizetype, 4> kBounds{128, 16'383, 2'097'151, 268'435'455};
    const auto groups = std::ranges::upper_bound(kBounds, size) - kBounds.begin() + 1;
    for (auto group = groups - 1; group >= 0; --group) {
        const auto bits = char((size >> (7 * group)) & 0x7f);
        *to++ = group == groups - 1 ? bits : char(bits | 0x80);
    }
    return to;
}

} // namespace

RedisHashDump::RedisHashDump() { clear(); }

void RedisHashDump::clear()
{
    m_buffer.clear();
    m_buffer.endAt(m_buffer.extend(kHead) + kHead);
    m_strings = 0;
}

RedisHashDump &RedisHashDump::add(std::initializer_list<QByteArrayView> parts)
{
    const qsizetype size = ByteBuffer::sizeOf(parts);
    char *const begin = m_buffer.extend(kLongestLength + size + kLongestBackLength);
    char *to = ByteBuffer::write(writeLength(begin, size), parts);
    m_buffer.endAt(writeBackLength(to, to - begin));
    ++m_strings;
    return *this;
}

QByteArrayView RedisHashDump::finish()
{
    Q_ASSERT(m_strings > 0 && m_strings % 2 == 0);
    static constexpr Crc64 crc64;
    char *to = m_buffer.extend(kTail);
    *to++ = kListpackEnd;
    char *const begin = m_buffer.data();
    const auto listpackSize = quint32(to - begin - kListpackAt);
    begin[0] = kHashListpack;
    begin[1] = kLength32;
    qToBigEndian(listpackSize, begin + 2);
    qToLittleEndian(listpackSize, begin + kListpackAt);
    qToLittleEndian(m_strings, begin + kStringsAt);
    qToLittleEndian(kRdbVersion, to);
    to += sizeof kRdbVersion;
    qToLittleEndian(crc64.of(QByteArrayView(begin, to)), to);
    m_buffer.endAt(to + sizeof(quint64));
    return m_buffer.view();
}

} // namespace Rollcall

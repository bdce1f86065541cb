// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/chunkeddecoder.h"

#include "core/edge/httpsyntax.h"

#include <algorithm>

namespace Rollcall {

namespace {

constexpr qint64 kMaxOverhead = 16
    << 10; // of size lines and trailers, beyond a quarter of the data
constexpr int kMaxSizeDigits = 12;

} // namespace

size_t ChunkedDecoder::feed(std::span<const char> bytes, QByteArray &body)
{
    size_t used = 0;
    while (used < bytes.size() && m_state == State::Incomplete) {
        if (m_part == Part::Data) {
            used += takeData(bytes.subspan(used), body);
            continue;
        }
        const char c = bytes[used++];
        if (++m_overhead > kMaxOverhead + body.size() / 4) {
            m_state = State::TooLarge;
        } else if (m_part == Part::DataReturn || m_part == Part::DataNewline) {
            const bool isReturn = m_part == Part::DataReturn;
            if (c != (isReturn ? '\r' : '\n'))
                m_state = State::Malformed;
            m_part = isReturn ? Part::DataNewline : Part::SizeLine;
        } else {
            takeLineCharacter(c);
        }
    }
    return used;
}

size_t ChunkedDecoder::takeData(std::span<const char> bytes, QByteArray &body)
{
    const size_t count = std::min(bytes.size(), size_t(m_remaining));
    body.append(bytes.data(), qsizetype(count));
    m_remaining -= qint64(count);
    if (m_remaining == 0)
        m_part = Part::DataReturn;
    return count;
}

// Of a size line or a trailer line, CR LF included.
void ChunkedDecoder::takeLineCharacter(char c)
{
    if ((c == '\n') != m_sawReturn) {
        m_state = State::Malformed;
        return;
    }
    if (c == '\r') {
        m_sawReturn = true;
        return;
    }
    if (c == '\n') {
        m_sawReturn = false;
        if (m_part == Part::SizeLine)
            finishSizeLine();
        else if (m_lineBytes == 0)
            m_state = State::Complete;
        m_lineBytes = 0;
        return;
    }
    ++m_lineBytes;
    if (!Http::isFieldCharacter(c)) {
        m_state = State::Malformed;
    } else if (m_part == Part::SizeLine && !m_isInExtension) {
        const int digit = Http::hexValue(c);
        if (digit >= 0 && m_sizeDigits < kMaxSizeDigits) {
            m_remaining = m_remaining * 16 + digit;
            ++m_sizeDigits;
        } else if (c == ';' && m_sizeDigits > 0) {
            m_isInExtension = true;
        } else {
            m_state = State::Malformed;
        }
    }
}

void ChunkedDecoder::finishSizeLine()
{
    if (m_sizeDigits == 0) {
        m_state = State::Malformed;
    } else if (m_remaining > m_maxBytes) {
        m_state = State::TooLarge;
    } else {
        m_maxBytes -= m_remaining;
        m_part = m_remaining == 0 ? Part::Trailer : Part::Data;
    }
    m_sizeDigits = 0;
    m_isInExtension = false;
}

} // namespace Rollcall

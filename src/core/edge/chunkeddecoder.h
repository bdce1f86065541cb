// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QByteArray>

#include <span>

namespace Rollcall {

/// Takes a chunked body apart (RFC 9112 7.1), piece by piece. Extensions and trailers are read
/// over.
class ROLLCALL_CORE_EXPORT ChunkedDecoder
{
public:
    enum class State { Incomplete, Complete, Malformed, TooLarge };

    explicit ChunkedDecoder(qint64 maxBytes)
        : m_maxBytes(maxBytes)
    { }

    /// Appends to `body` and says how many bytes were used up: all of them while Incomplete.
    size_t feed(std::span<const char> bytes, QByteArray &body);
    State state() const { return m_state; }

private:
    enum class Part { SizeLine, Data, DataReturn, DataNewline, Trailer };
    size_t takeData(std::span<const char> bytes, QByteArray &body);
    void takeLineCharacter(char c);
    void finishSizeLine();

    qint64 m_maxBytes;
    qint64 m_remaining = 0; // of the chunk
    qint64 m_lineBytes = 0; // of the current line
    qint64 m_overhead = 0; // of all lines
    int m_sizeDigits = 0;
    Part m_part = Part::SizeLine;
    State m_state = State::Incomplete;
    bool m_sawReturn = false;
    bool m_isInExtension = false;
};

} // namespace Rollcall

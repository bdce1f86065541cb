// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <span>

namespace Rollcall::Realtime {

/// Checks UTF-8 (RFC 3629) that arrives in pieces, which may cut characters anywhere. Finds the
/// first wrong byte in the piece that holds it.
class Utf8Validator
{
public:
    /// False: no continuation can make this UTF-8.
    bool append(std::span<const char> bytes);
    /// Nothing is missing of the last character.
    bool isComplete() const { return m_missing == 0; }

private:
    quint8 m_missing = 0; ///< continuation bytes
    quint8 m_low = 0x80; ///< range of the next continuation byte
    quint8 m_high = 0xbf;
};

} // namespace Rollcall::Realtime

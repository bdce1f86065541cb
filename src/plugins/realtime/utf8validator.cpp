// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/utf8validator.h"

namespace Rollcall::Realtime {

bool Utf8Validator::append(std::span<const char> bytes)
{
    for (const char c : bytes) {
        const auto byte = quint8(c);
        if (m_missing > 0) {
            if (byte < m_low || byte > m_high)
                return false;
            --m_missing;
            m_low = 0x80;
            m_high = 0xbf;
        } else if (byte < 0x80) {
            continue;
        } else if (byte >= 0xc2 && byte <= 0xdf) {
            m_missing = 1;
        } else if (byte >= 0xe0 && byte <= 0xef) {
            m_missing = 2;
            m_low = byte == 0xe0 ? 0xa0 : 0x80; // no overlong forms
            m_high = byte == 0xed ? 0x9f : 0xbf; // no surrogates
        } else if (byte >= 0xf0 && byte <= 0xf4) {
            m_missing = 3;
            m_low = byte == 0xf0 ? 0x90 : 0x80;
            m_high = byte == 0xf4 ? 0x8f : 0xbf; // up to U+10FFFF
        } else {
            return false;
        }
    }
    return true;
}

} // namespace Rollcall::Realtime

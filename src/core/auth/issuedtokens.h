// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/protocol/tokenclaims.h"

#include <deque>
#include <optional>
#include <unordered_map>

namespace Rollcall {

/// Tokens that this host has signed lately and has not seen again. Most come back within seconds,
/// and need not be taken apart and checked: they are, byte for byte, what was signed here.
class ROLLCALL_CORE_EXPORT IssuedTokens
{
public:
    /// The oldest is forgotten when there are kMost.
    void add(const QByteArray &token, const TokenClaims &claims);
    /// Once: the next time it is a token like any other.
    std::optional<TokenClaims> take(const QByteArray &token);
    /// What was signed is not to be believed any more.
    void clear();

    static constexpr size_t kMost = 4096;

private:
    struct Issued
    {
        TokenClaims claims;
        quint64 number = 0;
    };

    std::unordered_map<QByteArray, Issued> m_tokens;
    std::deque<std::pair<quint64, QByteArray>> m_order; // some of them are taken already
    quint64 m_last = 0;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/issuedtokens.h"

namespace Rollcall {

void IssuedTokens::add(const QByteArray &token, const TokenClaims &claims)
{
    if (m_order.size() >= kMost) {
        const auto oldest = m_tokens.find(m_order.front().second);
        if (oldest != m_tokens.end() && oldest->second.number == m_order.front().first)
            m_tokens.erase(oldest);
        m_order.pop_front();
    }
    m_tokens.insert_or_assign(token, Issued{claims, ++m_last});
    m_order.emplace_back(m_last, token);
}

std::optional<TokenClaims> IssuedTokens::take(const QByteArray &token)
{
    auto taken = m_tokens.extract(token);
    // In the order in which they came, mostly.
    while (!m_order.empty() && !m_tokens.contains(m_order.front().second))
        m_order.pop_front();
    if (taken.empty())
        return std::nullopt;
    return std::move(taken.mapped().claims);
}

void IssuedTokens::clear()
{
    m_tokens.clear();
    m_order.clear();
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/auth/authconfig.h"
#include "core/protocol/tokenclaims.h"

namespace Rollcall {

/// What the registered claims (RFC 7519 4.1) must say, and when.
struct ClaimRules
{
    QByteArray issuer; ///< empty: anything
    QByteArray audience; ///< empty: anything
    std::chrono::milliseconds leeway{0};
    qint64 nowMs = 0;
};

/// Reads a JWT's payload. Errors: TokenExpired; InvalidToken with the reason in the log text: not a
/// JSON object, a claim of the wrong type or beyond its limit, no `sub`, not valid yet, for
/// somebody else.
ROLLCALL_CORE_EXPORT Result<TokenClaims> claimsFromJson(const QByteArray &json,
                                                        const ClaimRules &rules);

/// `exp` alone. Error: TokenExpired.
Result<void> checkExpiry(const TokenClaims &claims, const ClaimRules &rules);

/// Writes a JWT's payload: `iat` now, `exp` from the claims, `iss` and `aud` from the rules. Empty
/// claims are left out.
ROLLCALL_CORE_EXPORT QByteArray claimsToJson(const TokenClaims &claims, const ClaimRules &rules);

} // namespace Rollcall

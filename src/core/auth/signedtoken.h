// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/auth/signaturekey.h"

struct _cjose_jws_int;

namespace Rollcall {

/// A JWS in compact serialization, taken apart but not yet believed.
class ROLLCALL_CORE_EXPORT SignedToken
{
public:
    /// Refuses what is not three parts of base64url with a JSON header, an algorithm that is not
    /// known and headers marked critical (RFC 7515 4.1.11). Error: InvalidToken.
    static Result<SignedToken> parse(const QByteArray &token);

    /// What the header claims; only for choosing among keys that are configured for it.
    SignatureAlgorithm algorithm() const { return m_algorithm; }
    const QByteArray &keyId() const { return m_keyId; }

    /// False also when the key is for another algorithm.
    bool isSignedBy(const SignatureKey &key) const;
    /// Bytes of the payload. Believe them only after isSignedBy().
    QByteArray payload() const;

private:
    struct Release
    {
        void operator()(_cjose_jws_int *token) const;
    };

    SignedToken() = default;

    std::unique_ptr<_cjose_jws_int, Release> m_token;
    SignatureAlgorithm m_algorithm = SignatureAlgorithm::Hs256;
    QByteArray m_keyId;
};

} // namespace Rollcall

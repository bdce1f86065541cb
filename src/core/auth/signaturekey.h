// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/auth/authconfig.h"

#include <memory>
#include <vector>

struct _cjose_jwk_int;

namespace Rollcall {

/// A key and the one algorithm it may be used with (RFC 8725 3.1), so that no token can choose
/// another.
class ROLLCALL_CORE_EXPORT SignatureKey
{
public:
    static SignatureKey fromSecret(const QByteArray &secret);
    /// The public keys of a JWKS (RFC 7517): RSA of at least 2048 bits as RS256, P-256 as ES256.
    /// Others, and those meant for encryption, are left out. Error: Configuration, when it holds
    /// none or is not a JWKS.
    static Result<std::vector<SignatureKey>> fromKeySet(const QByteArray &json);
    /// The same from a file of at most 1 MiB. Error: Configuration.
    static Result<std::vector<SignatureKey>> fromKeySetFile(const QString &path);

    SignatureAlgorithm algorithm() const { return m_algorithm; }
    /// `kid`; empty if the key has none.
    const QByteArray &id() const { return m_id; }

    /// JWS compact serialization (RFC 7515 7.1) with the header {"alg","typ":"JWT"}. HS256 only.
    Result<QByteArray> sign(const QByteArray &payload) const;

private:
    friend class SignedToken;
    struct Release
    {
        void operator()(_cjose_jwk_int *key) const;
    };

    SignatureKey(SignatureAlgorithm algorithm, _cjose_jwk_int *key, QByteArray id = {});

    SignatureAlgorithm m_algorithm;
    std::unique_ptr<_cjose_jwk_int, Release> m_key;
    QByteArray m_id;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/auth/authconfig.h"
#include "core/auth/issuedtokens.h"
#include "core/auth/operatorcredential.h"
#include "core/auth/signaturekey.h"
#include "core/base/clock.h"
#include "core/services/tokenservice.h"

#include <memory>
#include <optional>
#include <vector>

namespace Rollcall {

class RedisService;
class SharedSecret;

/// The host's TokenService: JWTs signed with HS256, or by others with the keys of a JWKS file.
///
/// Each key has one algorithm and only tokens that name that algorithm are checked with it, so that
/// a public key is never an HMAC secret (RFC 8725 2.1). Room tokens are made here, always with
/// HS256.
class ROLLCALL_CORE_EXPORT JwtTokenService : public TokenService
{
    Q_OBJECT
public:
    static constexpr qsizetype kMaxTokenBytes = 2048;

    /// `redis` (borrowed, may be null) is where nodes without `auth.secret` share one; it must have
    /// been started before start().
    JwtTokenService(const AuthConfig &config, Clock &clock, RedisService *redis,
                    QObject *parent = nullptr);
    ~JwtTokenService() override;

    /// Reads the JWKS file and makes or reads the operators' credential. To be called once, before
    /// use. Error: Configuration.
    Result<void> start();
    /// Takes over changed settings and reads the JWKS file again. On an Error (Configuration)
    /// everything stays as it was.
    Result<void> applyConfiguration(const AuthConfig &config);

    /// Where operators find their random credential; empty when `admin.secret` is set.
    QString operatorSecretPath() const { return m_operator.filePath(); }

    bool isAuthRequired() const override { return m_config.required; }
    bool isReady() const override { return m_secret.has_value(); }
    Result<TokenClaims> verify(const QByteArray &token) const override;
    Result<QByteArray> issue(const TokenClaims &claims,
                             std::chrono::milliseconds lifetime) const override;
    bool isOperatorCredential(const QByteArray &credential) const override;

private:
    Result<void> load(const AuthConfig &config);
    void setSecret(const QByteArray &secret);
    bool isSignatureValid(const class SignedToken &token) const;
    std::optional<Result<TokenClaims>> verifyIssued(const QByteArray &token) const;

    AuthConfig m_config;
    Clock &m_clock;
    RedisService *m_redis;
    std::unique_ptr<SharedSecret> m_sharedSecret; // while auth.secret is empty
    std::optional<SignatureKey> m_secret;
    std::vector<SignatureKey> m_publicKeys;
    OperatorCredential m_operator;
    mutable IssuedTokens m_issued;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/jwttokenservice.h"

#include "core/auth/jwtclaims.h"
#include "core/auth/sharedsecret.h"
#include "core/auth/signedtoken.h"

#include <QLoggingCategory>

#include <algorithm>

namespace Rollcall {

namespace {

Q_LOGGING_CATEGORY(logAuth, "rollcall.core.auth", QtInfoMsg)

ClaimRules rulesOf(const AuthConfig &config, qint64 nowMs)
{
    return {config.issuer, config.audience, config.leeway, nowMs};
}

} // namespace

JwtTokenService::JwtTokenService(const AuthConfig &config, Clock &clock, RedisService *redis,
                                 QObject *parent)
    : TokenService(parent)
    , m_config(config)
    , m_clock(clock)
    , m_redis(redis)
{ }

JwtTokenService::~JwtTokenService() = default;

Result<void> JwtTokenService::start() { return load(m_config); }

Result<void> JwtTokenService::applyConfiguration(const AuthConfig &config) { return load(config); }

Result<void> JwtTokenService::load(const AuthConfig &config)
{
    std::vector<SignatureKey> publicKeys;
    if (!config.jwks.isEmpty()) {
        auto keys = SignatureKey::fromKeySetFile(config.jwks);
        if (!keys)
            return keys.error();
        publicKeys = std::move(*keys);
        std::erase_if(publicKeys, [&config](const SignatureKey &key) {
            return !config.algorithms.contains(key.algorithm());
        });
        qCInfo(logAuth, "%d keys from %ls", int(publicKeys.size()), qUtf16Printable(config.jwks));
    }
    if (!config.operatorSecret.isEmpty()) {
        m_operator = OperatorCredential::fromSecret(config.operatorSecret);
    } else if (m_operator.filePath().isEmpty()) {
        auto credential = OperatorCredential::fromFile(config.operatorSecretFile);
        if (!credential)
            return credential.error();
        m_operator = std::move(*credential);
        qCInfo(logAuth, "the operators' credential is in %ls",
               qUtf16Printable(m_operator.filePath()));
    }
    m_publicKeys = std::move(publicKeys);
    m_config = config;
    m_issued.clear();
    if (!config.secret.isEmpty()) {
        m_sharedSecret.reset();
        setSecret(config.secret);
    } else if (!m_sharedSecret) {
        m_secret.reset();
        m_sharedSecret = std::make_unique<SharedSecret>(m_redis, m_clock);
        connect(m_sharedSecret.get(), &SharedSecret::obtained, this, &JwtTokenService::setSecret);
        m_sharedSecret->start();
    }
    return {};
}

void JwtTokenService::setSecret(const QByteArray &secret)
{
    const bool wasReady = isReady();
    m_secret = SignatureKey::fromSecret(secret);
    m_issued.clear();
    if (!wasReady)
        Q_EMIT ready();
}

bool JwtTokenService::isSignatureValid(const SignedToken &token) const
{
    if (token.algorithm() == SignatureAlgorithm::Hs256)
        return m_secret && token.isSignedBy(*m_secret);
    return std::any_of(m_publicKeys.begin(), m_publicKeys.end(), [&token](const SignatureKey &key) {
        const bool isCandidate = token.keyId().isEmpty() || token.keyId() == key.id();
        return isCandidate && token.isSignedBy(key);
    });
}

std::optional<Result<TokenClaims>> JwtTokenService::verifyIssued(const QByteArray &token) const
{
    const auto claims = m_issued.take(token);
    if (!claims)
        return std::nullopt;
    const ClaimRules rules = rulesOf(m_config, m_clock.wallMs());
    if (auto isValidNow = checkExpiry(*claims, rules); !isValidNow)
        return isValidNow.error();
    return *claims;
}

Result<TokenClaims> JwtTokenService::verify(const QByteArray &token) const
{
    if (token.isEmpty() || token.size() > kMaxTokenBytes)
        return Error{ErrorCode::InvalidToken, QStringLiteral("empty or larger than 2 KiB"), {}};
    if (const auto issued = verifyIssued(token))
        return *issued;
    const auto parsed = SignedToken::parse(token);
    if (!parsed)
        return parsed.error();
    if (parsed->algorithm() == SignatureAlgorithm::Hs256 && !m_secret)
        return Error{
            ErrorCode::Unavailable, QStringLiteral("the shared secret is not known yet"), {}};
    if (!isSignatureValid(*parsed))
        return Error{ErrorCode::InvalidToken, QStringLiteral("its signature is not valid"), {}};
    auto claims = claimsFromJson(parsed->payload(), rulesOf(m_config, m_clock.wallMs()));
    // Our own room tokens are HS256 whatever users' tokens must be.
    if (claims && !claims->room && !m_config.algorithms.contains(parsed->algorithm()))
        return Error{
            ErrorCode::InvalidToken, QStringLiteral("its algorithm is not in auth.algorithms"), {}};
    return claims;
}

Result<QByteArray> JwtTokenService::issue(const TokenClaims &claims,
                                          std::chrono::milliseconds lifetime) const
{
    if (!m_secret)
        return Error{
            ErrorCode::Unavailable, QStringLiteral("the shared secret is not known yet"), {}};
    TokenClaims issued = claims;
    const qint64 nowMs = m_clock.wallMs();
    issued.expiresAtMs = (nowMs + lifetime.count() + 999) / 1000 * 1000; // whole seconds (`exp`)
    auto token = m_secret->sign(claimsToJson(issued, rulesOf(m_config, nowMs)));
    if (token && token->size() > kMaxTokenBytes)
        return Error{ErrorCode::TooLarge, QStringLiteral("a token of more than 2 KiB"), {}};
    if (token && issued.room)
        m_issued.add(*token, issued);
    return token;
}

bool JwtTokenService::isOperatorCredential(const QByteArray &credential) const
{
    return m_operator.matches(credential);
}

} // namespace Rollcall

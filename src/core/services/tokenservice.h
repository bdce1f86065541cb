// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"
#include "core/protocol/tokenclaims.h"

#include <QObject>

#include <chrono>

namespace Rollcall {

/// Makes and checks tokens (JWT, RFC 7519). Provided by the host, from the `auth` section.
class ROLLCALL_CORE_EXPORT TokenService : public QObject
{
    Q_OBJECT
public:
    static constexpr const char *kServiceName = "TokenService";
    using QObject::QObject;

    /// False lets guests in (`auth.required`).
    virtual bool isAuthRequired() const = 0;
    /// False until a secret is known: without `auth.secret` the nodes of one Redis share a random
    /// one.
    virtual bool isReady() const = 0;

    /// Errors: TokenExpired, InvalidToken (bad signature, algorithm, claims, > 2 KiB), Unavailable
    /// (not ready).
    virtual Result<TokenClaims> verify(const QByteArray &token) const = 0;
    /// The claims' expiresAtMs is replaced by now + lifetime. Errors: Unavailable (no key to sign
    /// with).
    virtual Result<QByteArray> issue(const TokenClaims &claims,
                                     std::chrono::milliseconds lifetime) const = 0;
    /// Compares with the operators' credential (`admin.secret`) in constant time.
    virtual bool isOperatorCredential(const QByteArray &credential) const = 0;

Q_SIGNALS:
    void ready();
};

} // namespace Rollcall

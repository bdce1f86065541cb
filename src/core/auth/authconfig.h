// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QSet>
#include <QString>

#include <chrono>

namespace Rollcall {

class Configuration;

/// The signature algorithms that are known (RFC 7518 3.1). There is no "none".
enum class SignatureAlgorithm { Hs256, Rs256, Es256 };

/// Settings of the sections `auth` and `admin`.
struct ROLLCALL_CORE_EXPORT AuthConfig
{
    bool required = false;
    bool allowGuestsAnywhere = false; ///< guests also on a listener that is not loopback
    QByteArray secret; ///< HS256, >= 32 bytes; empty: the nodes of one Redis share a random one
    QString jwks; ///< path of a JWKS file (RFC 7517) with RS256 / ES256 public keys; empty: none
    /// Accepted for users' tokens. Room tokens are always HS256: the nodes make them themselves.
    QSet<SignatureAlgorithm> algorithms{SignatureAlgorithm::Hs256, SignatureAlgorithm::Rs256,
                                        SignatureAlgorithm::Es256};
    QByteArray issuer; ///< `iss` must be this; empty: anything
    QByteArray audience; ///< `aud` must hold this; empty: anything
    std::chrono::milliseconds leeway{5000}; ///< clocks may differ by this much
    QByteArray operatorSecret; ///< empty: a random one in a file
    QString operatorSecretFile; ///< where that file is; empty: in a private temporary folder

    static AuthConfig read(Configuration &configuration);

    /// Refuses guests on a listener that others than this machine reach. Error: Configuration.
    Result<void> checkListener(bool isLoopback) const;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/authconfig.h"

#include "core/base/configuration.h"

#include <array>

using namespace std::chrono_literals;

namespace Rollcall {

namespace {

constexpr qsizetype kMinSecretBytes = 32; // RFC 7518 3.2: as long as the hash
constexpr qsizetype kMinOperatorSecretBytes = 16;

struct AlgorithmName
{
    QLatin1String name;
    SignatureAlgorithm algorithm;
};
const std::array kAlgorithms{
    AlgorithmName{QLatin1String("HS256"), SignatureAlgorithm::Hs256},
    AlgorithmName{QLatin1String("RS256"), SignatureAlgorithm::Rs256},
    AlgorithmName{QLatin1String("ES256"), SignatureAlgorithm::Es256},
};

QSet<SignatureAlgorithm> readAlgorithms(ConfigurationReader &reader, const AuthConfig &config)
{
    QStringList names;
    for (const AlgorithmName &known : kAlgorithms)
        names.append(known.name);
    const QStringList chosen = reader.list(
        "algorithms",
        {.fallback = names,
         .onReload = OnReload::Applied,
         .help =
             "Signature algorithms accepted for users' tokens: HS256 with auth.secret, RS256 and "
             "ES256 with the keys of auth.jwks. Room tokens are always HS256"});
    QSet<SignatureAlgorithm> algorithms;
    for (const QString &name : chosen) {
        const auto known = std::find_if(kAlgorithms.begin(), kAlgorithms.end(),
                                        [&name](const auto &entry) { return entry.name == name; });
        if (known == kAlgorithms.end())
            reader.addError("algorithms",
                            QStringLiteral("'%1' is not one of %2")
                                .arg(name, names.join(QStringLiteral(", "))));
        else
            algorithms.insert(known->algorithm);
    }
    if (chosen.isEmpty())
        reader.addError("algorithms", QStringLiteral("at least one is needed"));
    const bool isPublicKeyOnly =
        !algorithms.isEmpty() && !algorithms.contains(SignatureAlgorithm::Hs256);
    if (isPublicKeyOnly && config.jwks.isEmpty())
        reader.addError("algorithms", QStringLiteral("RS256 and ES256 need auth.jwks"));
    return algorithms;
}

} // namespace

AuthConfig AuthConfig::read(Configuration &configuration)
{
    AuthConfig config;
    ConfigurationReader auth(configuration, "auth");
    config.required =
        auth.boolean("required",
                     {.onReload = OnReload::Applied,
                      .help = "Refuse everybody without a valid token; false lets guests in"});
    config.allowGuestsAnywhere = auth.boolean(
        "allowGuestsAnywhere",
        {.help = "Start with auth.required = false although edge.host is not a loopback address"});
    config.secret = auth.text("secret",
                              {.onReload = OnReload::Applied,
                               .help = "Secret of HS256 tokens, at least 32 bytes. Empty: the "
                                       "nodes of one Redis share a random one",
                               .secret = true})
                        .toUtf8();
    if (!config.secret.isEmpty() && config.secret.size() < kMinSecretBytes)
        auth.addError("secret", QStringLiteral("must have at least %1 bytes").arg(kMinSecretBytes));
    config.jwks = auth.text("jwks",
                            {.onReload = OnReload::Applied,
                             .help = "File with the public keys (JWKS, RFC 7517) that sign users' "
                                     "tokens; read again on SIGHUP"});
    config.algorithms = readAlgorithms(auth, config);
    config.issuer = auth.text("issuer",
                              {.onReload = OnReload::Applied,
                               .help = "Required `iss` of tokens; empty: anything"})
                        .toUtf8();
    config.audience = auth.text("audience",
                                {.onReload = OnReload::Applied,
                                 .help = "Required in `aud` of tokens; empty: anything"})
                          .toUtf8();
    config.leeway = auth.duration("leeway",
                                  {.fallback = 5s,
                                   .max = 5min,
                                   .onReload = OnReload::Applied,
                                   .help = "How far the clock of whoever made a token may be off"});
    if (config.required && config.secret.isEmpty() && config.jwks.isEmpty())
        auth.addError(
            "required",
            QStringLiteral("needs auth.secret or auth.jwks: nobody else could make tokens "
                           "for a random secret"));

    ConfigurationReader admin(configuration, "admin");
    config.operatorSecret =
        admin
            .text("secret",
                  {.onReload = OnReload::Applied,
                   .help = "The operators' credential, at least 16 bytes. Empty: a random one is "
                           "written to a file, whose path is logged",
                   .secret = true})
            .toUtf8();
    if (!config.operatorSecret.isEmpty() && config.operatorSecret.size() < kMinOperatorSecretBytes)
        admin.addError("secret",
                       QStringLiteral("must have at least %1 bytes").arg(kMinOperatorSecretBytes));
    if (!config.operatorSecret.isEmpty() && config.operatorSecret == config.secret)
        admin.addError("secret", QStringLiteral("must not be the same as auth.secret"));
    config.operatorSecretFile =
        admin.text("secretFile",
                   {.help = "Where the random operators' credential is kept, mode 0600; empty: in "
                            "a private temporary folder, new at each start"});
    return config;
}

Result<void> AuthConfig::checkListener(bool isLoopback) const
{
    if (required || isLoopback || allowGuestsAnywhere)
        return {};
    return Error{
        ErrorCode::Configuration,
        QStringLiteral(
            "auth.required = false lets anybody be anybody: it is refused on an edge.host that is "
            "not a loopback address, unless auth.allowGuestsAnywhere = true"),
        {}};
}

} // namespace Rollcall

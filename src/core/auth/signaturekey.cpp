// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/signaturekey.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cjose/cjose.h>

namespace Rollcall {

namespace {

constexpr qint64 kMaxKeySetBytes = 1 << 20;
constexpr qsizetype kMinRsaBytes = 2048 / 8; // RFC 7518 3.3

Error configurationError(const QString &text) { return {ErrorCode::Configuration, text, {}}; }

QByteArray decode(const QJsonValue &base64url)
{
    const auto result = QByteArray::fromBase64Encoding(
        base64url.toString().toLatin1(),
        QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    return result ? *result : QByteArray();
}

bool isForSignatures(const QJsonObject &key, const char *algorithm)
{
    const QString use = key.value(QLatin1String("use")).toString(QStringLiteral("sig"));
    const QString named = key.value(QLatin1String("alg")).toString(QLatin1String(algorithm));
    return use == QLatin1String("sig") && named == QLatin1String(algorithm);
}

// cjose takes non-const pointers but only reads.
uint8_t *bytesOf(const QByteArray &bytes)
{
    return reinterpret_cast<uint8_t *>(const_cast<char *>(bytes.constData()));
}

cjose_jwk_t *rsaKey(const QJsonObject &json)
{
    const QByteArray n = decode(json.value(QLatin1String("n")));
    const QByteArray e = decode(json.value(QLatin1String("e")));
    if (n.size() < kMinRsaBytes || e.isEmpty())
        return nullptr;
    cjose_jwk_rsa_keyspec spec{};
    spec.n = bytesOf(n);
    spec.nlen = size_t(n.size());
    spec.e = bytesOf(e);
    spec.elen = size_t(e.size());
    return cjose_jwk_create_RSA_spec(&spec, nullptr);
}

cjose_jwk_t *ellipticKey(const QJsonObject &json)
{
    const QByteArray x = decode(json.value(QLatin1String("x")));
    const QByteArray y = decode(json.value(QLatin1String("y")));
    if (json.value(QLatin1String("crv")) != QLatin1String("P-256") || x.size() != 32
        || y.size() != 32)
        return nullptr;
    cjose_jwk_ec_keyspec spec{};
    spec.crv = CJOSE_JWK_EC_P_256;
    spec.x = bytesOf(x);
    spec.xlen = size_t(x.size());
    spec.y = bytesOf(y);
    spec.ylen = size_t(y.size());
    return cjose_jwk_create_EC_spec(&spec, nullptr);
}

} // namespace

void SignatureKey::Release::operator()(_cjose_jwk_int *key) const { cjose_jwk_release(key); }

SignatureKey::SignatureKey(SignatureAlgorithm algorithm, _cjose_jwk_int *key, QByteArray id)
    : m_algorithm(algorithm)
    , m_key(key)
    , m_id(std::move(id))
{ }

SignatureKey SignatureKey::fromSecret(const QByteArray &secret)
{
    Q_ASSERT(!secret.isEmpty());
    return SignatureKey(SignatureAlgorithm::Hs256,
                        cjose_jwk_create_oct_spec(bytesOf(secret), size_t(secret.size()), nullptr));
}

Result<std::vector<SignatureKey>> SignatureKey::fromKeySet(const QByteArray &json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError)
        return configurationError(
            QStringLiteral("not JSON: %1 at byte %2").arg(error.errorString()).arg(error.offset));
    const QJsonValue list = document.object().value(QLatin1String("keys"));
    if (!list.isArray())
        return configurationError(
            QStringLiteral("not a JWKS: it has no array \"keys\" (RFC 7517 5)"));
    std::vector<SignatureKey> keys;
    const QJsonArray entries = list.toArray();
    for (const QJsonValue &entry : entries) {
        const QJsonObject object = entry.toObject();
        const QByteArray id = object.value(QLatin1String("kid")).toString().toUtf8();
        const QString type = object.value(QLatin1String("kty")).toString();
        if (type == QLatin1String("RSA") && isForSignatures(object, "RS256")) {
            if (cjose_jwk_t *key = rsaKey(object))
                keys.push_back(SignatureKey(SignatureAlgorithm::Rs256, key, id));
        } else if (type == QLatin1String("EC") && isForSignatures(object, "ES256")) {
            if (cjose_jwk_t *key = ellipticKey(object))
                keys.push_back(SignatureKey(SignatureAlgorithm::Es256, key, id));
        }
    }
    if (keys.empty())
        return configurationError(
            QStringLiteral("no usable key among %1: RSA of 2048 bits and more (RS256) and "
                           "P-256 (ES256) are")
                .arg(entries.size()));
    return keys;
}

Result<std::vector<SignatureKey>> SignatureKey::fromKeySetFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return configurationError(
            QStringLiteral("auth.jwks: %1: %2").arg(path, file.errorString()));
    const QByteArray json = file.read(kMaxKeySetBytes + 1);
    if (json.size() > kMaxKeySetBytes)
        return configurationError(QStringLiteral("auth.jwks: %1: larger than 1 MiB").arg(path));
    auto keys = fromKeySet(json);
    if (!keys)
        return configurationError(
            QStringLiteral("auth.jwks: %1: %2").arg(path, keys.error().logText));
    return keys;
}

Result<QByteArray> SignatureKey::sign(const QByteArray &payload) const
{
    const Error failure{ErrorCode::Internal, QStringLiteral("the signature could not be made"), {}};
    if (m_algorithm != SignatureAlgorithm::Hs256 || !m_key)
        return failure;
    const std::unique_ptr<cjose_header_t, decltype(&cjose_header_release)> header(
        cjose_header_new(nullptr), &cjose_header_release);
    if (!header || !cjose_header_set(header.get(), CJOSE_HDR_ALG, CJOSE_HDR_ALG_HS256, nullptr)
        || !cjose_header_set(header.get(), "typ", "JWT", nullptr))
        return failure;
    const std::unique_ptr<cjose_jws_t, decltype(&cjose_jws_release)> token(
        cjose_jws_sign(m_key.get(), header.get(), bytesOf(payload), size_t(payload.size()),
                       nullptr),
        &cjose_jws_release);
    const char *text = nullptr;
    if (!token || !cjose_jws_export(token.get(), &text, nullptr))
        return failure;
    return QByteArray(text);
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <memory>
#include <utility>

#include <cjose/cjose.h>

namespace Rollcall {

/// A private key of an application's login, and JWTs signed with it (with any header: attackers
/// choose it).
class TestKeyPair
{
public:
    static TestKeyPair rsa(int bits = 2048)
    {
        const uint8_t exponent[]{1, 0, 1};
        return TestKeyPair(cjose_jwk_create_RSA_random(size_t(bits), exponent, 3, nullptr),
                           "RS256");
    }
    static TestKeyPair elliptic()
    {
        return TestKeyPair(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, nullptr), "ES256");
    }
    static TestKeyPair secret(const QByteArray &secret)
    {
        return TestKeyPair(
            cjose_jwk_create_oct_spec(reinterpret_cast<const uint8_t *>(secret.constData()),
                                      size_t(secret.size()), nullptr),
            "HS256");
    }

    void setId(const QByteArray &id)
    {
        cjose_jwk_set_kid(m_key.get(), id.constData(), size_t(id.size()), nullptr);
    }
    QByteArray toJson(bool withPrivatePart = false) const
    {
        char *json = cjose_jwk_to_json(m_key.get(), withPrivatePart, nullptr);
        QByteArray text(json);
        cjose_get_dealloc()(json);
        return text;
    }
    QByteArray
    sign(const QByteArray &payload,
         const std::initializer_list<std::pair<const char *, const char *>> &headers = {}) const
    {
        cjose_header_t *header = cjose_header_new(nullptr);
        cjose_header_set(header, "alg", m_algorithm, nullptr);
        for (const auto &[name, value] : headers)
            cjose_header_set(header, name, value, nullptr);
        cjose_jws_t *token = cjose_jws_sign(m_key.get(), header,
                                            reinterpret_cast<const uint8_t *>(payload.constData()),
                                            size_t(payload.size()), nullptr);
        const char *text = nullptr;
        cjose_jws_export(token, &text, nullptr);
        QByteArray compact(text);
        cjose_jws_release(token);
        cjose_header_release(header);
        return compact;
    }

private:
    TestKeyPair(cjose_jwk_t *key, const char *algorithm)
        : m_key(key, [](cjose_jwk_t *k) { cjose_jwk_release(k); })
        , m_algorithm(algorithm)
    { }

    std::unique_ptr<cjose_jwk_t, void (*)(cjose_jwk_t *)> m_key;
    const char *m_algorithm;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/signedtoken.h"

#include <algorithm>

#include <cjose/cjose.h>

namespace Rollcall {

namespace {

bool isCompactSerialization(const QByteArray &token)
{
    // cjose decodes leniently (padding, line ends): a token has exactly one spelling here.
    return token.count('.') == 2 && std::all_of(token.begin(), token.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                   || c == '-' || c == '_' || c == '.';
           });
}

} // namespace

void SignedToken::Release::operator()(_cjose_jws_int *token) const { cjose_jws_release(token); }

Result<SignedToken> SignedToken::parse(const QByteArray &token)
{
    const auto invalid = [](const char *why) {
        return Error{ErrorCode::InvalidToken, QLatin1String(why), {}};
    };
    if (!isCompactSerialization(token))
        return invalid("not three parts of base64url");
    SignedToken parsed;
    parsed.m_token.reset(cjose_jws_import(token.constData(), size_t(token.size()), nullptr));
    if (!parsed.m_token)
        return invalid("not a signed token");
    // The header as cjose itself will read it when it verifies: two parsers could disagree about
    // doubled members.
    cjose_header_t *header = cjose_jws_get_protected(parsed.m_token.get());
    const QByteArray algorithm(cjose_header_get(header, CJOSE_HDR_ALG, nullptr));
    if (algorithm == "HS256")
        parsed.m_algorithm = SignatureAlgorithm::Hs256;
    else if (algorithm == "RS256")
        parsed.m_algorithm = SignatureAlgorithm::Rs256;
    else if (algorithm == "ES256")
        parsed.m_algorithm = SignatureAlgorithm::Es256;
    else
        return invalid("its algorithm is not accepted");
    if (char *critical = cjose_header_get_raw(header, "crit", nullptr)) {
        cjose_get_dealloc()(critical);
        return invalid("it has critical headers");
    }
    parsed.m_keyId = cjose_header_get(header, CJOSE_HDR_KID, nullptr);
    return parsed;
}

bool SignedToken::isSignedBy(const SignatureKey &key) const
{
    return key.algorithm() == m_algorithm && key.m_key
        && cjose_jws_verify(m_token.get(), key.m_key.get(), nullptr);
}

QByteArray SignedToken::payload() const
{
    uint8_t *bytes = nullptr;
    size_t size = 0;
    if (!cjose_jws_get_plaintext(m_token.get(), &bytes, &size, nullptr))
        return {};
    return QByteArray(reinterpret_cast<const char *>(bytes), qsizetype(size));
}

} // namespace Rollcall

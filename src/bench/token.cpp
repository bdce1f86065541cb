// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <ctime>

namespace Rollcall::Bench {

namespace {

constexpr int kLife = 3600; // s

std::string base64url(const void *data, std::size_t size)
{
    std::string text((size + 2) / 3 * 4 + 1, '\0');
    text.resize(std::size_t(EVP_EncodeBlock(reinterpret_cast<unsigned char *>(text.data()),
                                            static_cast<const unsigned char *>(data), int(size))));
    while (!text.empty() && text.back() == '=')
        text.pop_back();
    for (char &each : text)
        each = each == '+' ? '-' : each == '/' ? '_' : each;
    return text;
}

} // namespace

std::string makeRoomToken(std::string_view secret, std::string_view user, std::string_view room)
{
    constexpr std::string_view head = R"({"alg":"HS256","typ":"JWT"})";
    const auto time = static_cast<long long>(std::time(nullptr));
    std::string claims = R"({"sub":")";
    claims.append(user).append(R"(","name":")").append(user);
    claims.append(R"(","room":")").append(room).append(R"(","iat":)").append(std::to_string(time));
    claims.append(R"(,"exp":)").append(std::to_string(time + kLife)).append("}");
    std::string token =
        base64url(head.data(), head.size()) + '.' + base64url(claims.data(), claims.size());
    std::array<unsigned char, EVP_MAX_MD_SIZE> signature{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), secret.data(), int(secret.size()),
         reinterpret_cast<const unsigned char *>(token.data()), token.size(), signature.data(),
         &size);
    return token + '.' + base64url(signature.data(), size);
}

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/handshake.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

namespace Rollcall::Bench {

std::string upgradeRequest(std::string_view host, std::string_view path)
{
    std::string request = "GET ";
    request.append(path).append(" HTTP/1.1\r\nHost: ").append(host);
    request.append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ");
    request.append(kClientKey);
    return request.append("\r\nSec-WebSocket-Version: 13\r\n\r\n");
}

std::string upgradeResponse(std::string_view head)
{
    constexpr std::string_view name = "Sec-WebSocket-Key: ";
    const std::size_t begin = head.find(name);
    if (begin == std::string_view::npos)
        return {};
    const std::string_view rest = head.substr(begin + name.size());
    std::string key(rest.substr(0, rest.find("\r\n")));
    key += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char *>(key.data()), key.size(), digest.data());
    std::array<char, 32> accept{};
    EVP_EncodeBlock(reinterpret_cast<unsigned char *>(accept.data()), digest.data(),
                    int(digest.size()));
    return std::string("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Accept: ")
        + accept.data() + "\r\n\r\n";
}

} // namespace Rollcall::Bench

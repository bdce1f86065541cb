// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/target.h"

#include "bench/report.h"

#include <cstring>
#include <netdb.h>

namespace Rollcall::Bench {

Target Target::parse(std::string_view url)
{
    const std::string text(url);
    if (url.substr(0, 6) == "wss://")
        fail(text + ": TLS is not spoken here; use the ws:// address behind the proxy");
    if (url.substr(0, 5) != "ws://")
        fail(text + " is not a ws:// URL");
    url.remove_prefix(5);
    const std::size_t slash = url.find('/');
    Target target;
    target.host = url.substr(0, slash);
    target.path = slash == std::string_view::npos ? "/ws" : url.substr(slash);
    if (target.path == "/")
        target.path = "/ws";
    const std::size_t colon = target.host.rfind(':');
    const std::string name = target.host.substr(0, colon);
    const std::string port = colon == std::string::npos ? "80" : target.host.substr(colon + 1);
    addrinfo hints{};
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    if (const int error = getaddrinfo(name.c_str(), port.c_str(), &hints, &found); error != 0)
        fail(text + ": " + gai_strerror(error));
    std::memcpy(&target.address, found->ai_addr, sizeof target.address);
    freeaddrinfo(found);
    return target;
}

} // namespace Rollcall::Bench

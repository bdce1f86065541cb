// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace Rollcall::Bench {

/// The key that every client here offers; what is answered is not checked.
constexpr std::string_view kClientKey = "dGhlIHNhbXBsZSBub25jZQ==";

/// The client's half of the opening handshake (RFC 6455 4.1).
std::string upgradeRequest(std::string_view host, std::string_view path);
/// The server's half for a request's head; empty when it offers no key.
std::string upgradeResponse(std::string_view head);

} // namespace Rollcall::Bench

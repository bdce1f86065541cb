// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace Rollcall::Bench {

/// A realtimeToken for the user and room, as POST /rooms/join would give, signed with auth.secret
/// (HS256).
std::string makeRoomToken(std::string_view secret, std::string_view user, std::string_view room);

} // namespace Rollcall::Bench

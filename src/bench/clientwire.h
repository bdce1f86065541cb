// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/time.h"

#include <optional>
#include <string>
#include <string_view>

/// The client's side of the rooms dialect (docs/protocol.md), as far as this tool speaks it.
/// The sender's time travels in a movement's `seq` and in a chat's text.
namespace Rollcall::Bench {

enum class ServerMessage {
    RoomState,
    Movement,
    Batch,
    Chat,
    HeartbeatAck,
    Draining,
    MemberLeft,
    Refused,
    Other
};

ServerMessage classify(std::string_view text);

std::string joinMessage(std::string_view room, std::string_view user, std::string_view token,
                        bool isBatch);
std::string heartbeatMessage(std::string_view room, Microseconds time);
/// Also names the user, which a host ignores and the limit's verbatim copies need.
void writeMovement(std::string &out, std::string_view room, std::string_view user,
                   Microseconds time);
void writeChat(std::string &out, std::string_view room, std::string_view user, Microseconds time);

/// The number in a user's name, or -1. `prefix` is that of all names.
int senderOf(std::string_view text, std::string_view prefix);
/// When a movement or chat was sent, or was to be sent.
std::optional<Microseconds> sentAt(std::string_view text, ServerMessage kind);
/// The value of the first member of this name, if it is a number or a plain text.
std::string_view member(std::string_view text, std::string_view name);

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace Rollcall::Bench {

/// A WebSocket frame (RFC 6455 5.2) as this tool needs it: whole messages of less than 16 MiB.
struct Frame
{
    static constexpr int kText = 1;
    static constexpr int kClose = 8;
    static constexpr int kPing = 9;
    static constexpr int kPong = 10;

    int opcode = 0;
    std::string_view payload; ///< unmasked in place
    std::size_t size = 0; ///< bytes of the whole frame; 0: it is not complete
    bool isWrong = false;

    /// Reads the first frame of the bytes; a masked one is unmasked where it is.
    static Frame read(char *bytes, std::size_t count);
};

/// Appends a frame as clients send it: masked.
void appendClientFrame(std::string &out, int opcode, std::string_view payload);
/// Appends a frame as servers send it.
void appendServerFrame(std::string &out, int opcode, std::string_view payload);

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayList>

#include <vector>

namespace Rollcall::Realtime {

/// What a client sends, and what a server that keeps to RFC 6455 makes of it.
struct ConformanceCase
{
    QByteArray name = {}; ///< begins with the section of RFC 6455
    QByteArrayList frames = {}; ///< as they go over the wire
    QByteArrayList messages = {}; ///< "t:" or "b:" and the message, as the server understands them
    QByteArrayList pongs = {}; ///< payloads of the answers to pings
    int closeCode = 0; ///< of the server's Close frame; 0: stays open, 1005: a Close without a code
};

/// Every message and frame may have this many bytes.
inline constexpr qsizetype kConformanceLimit = 70'000;

std::vector<ConformanceCase> framingCases(); ///< 5.1-5.3: reserved bits, opcodes, masks, lengths
std::vector<ConformanceCase> fragmentCases(); ///< 5.4
std::vector<ConformanceCase> controlCases(); ///< 5.5, 7: ping, pong, close and its codes
std::vector<ConformanceCase> textCases(); ///< 8.1: UTF-8

} // namespace Rollcall::Realtime

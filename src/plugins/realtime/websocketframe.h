// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/closecode.h"

#include <QByteArrayView>

#include <array>
#include <cstddef>
#include <optional>
#include <span>

namespace Rollcall::Realtime {

// WebSocket frames (RFC 6455 5) as pure functions on bytes: nothing is kept, nothing is allocated.

/// RFC 6455 5.2. The others are reserved.
enum class Opcode : quint8 {
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xa,
};

constexpr bool isControl(Opcode opcode) { return (static_cast<quint8>(opcode) & 0x8) != 0; }

using MaskKey = std::array<char, 4>;

struct FrameHeader
{
    Opcode opcode = Opcode::Continuation;
    bool isFinal = false;
    size_t size = 0; ///< of the header itself: 6, 8 or 14 bytes
    size_t payloadSize = 0;
    MaskKey mask{};
};

enum class FrameStatus {
    Incomplete, ///< more bytes are needed to tell
    Complete, ///< the header is there and allowed
    Refused,
};

struct FrameParse
{
    FrameStatus status = FrameStatus::Incomplete;
    FrameHeader header; ///< if Complete
    CloseCode refusal =
        CloseCode::ProtocolViolation; ///< if Refused: ProtocolViolation or MessageTooBig
};

/// Reads the header of a client's frame. Refused as early as the bytes tell: reserved bits or
/// opcodes, a frame that is not masked, control frames that are fragmented or longer than 125
/// bytes, lengths that are not in their shortest form or larger than `maxPayload`.
FrameParse parseFrameHeader(std::span<const char> bytes, size_t maxPayload);

/// RFC 6455 5.3, in place.
void unmask(std::span<char> payload, const MaskKey &mask);

inline constexpr size_t kMaxServerHeader = 10;
/// Writes the header of an unmasked, unfragmented frame so that it ends at `end`. Returns its size.
size_t encodeHeaderBefore(char *end, Opcode opcode, size_t payloadSize);

/// What a Close frame says (RFC 6455 5.5.1).
struct ClosePayload
{
    CloseCode code = CloseCode::NoStatus; ///< also ones without a name here
    QByteArrayView reason;
};
/// Nothing: the payload is of one byte, or its code must not be on the wire; a reason that is not
/// UTF-8 is left to the caller.
std::optional<ClosePayload> parseClosePayload(QByteArrayView payload);

/// A complete Close frame with closeReason(code), at most 125 + 2 bytes. NoStatus: without payload.
size_t encodeCloseFrame(std::span<char, 127> out, CloseCode code);

} // namespace Rollcall::Realtime

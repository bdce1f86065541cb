// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QLatin1String>

namespace Rollcall {

/// WebSocket close codes: RFC 6455 7.4.1, and ours.
///
/// 4000-4499: come back, with jittered backoff. 4500-4999: do not.
enum class CloseCode : quint16 {
    Normal = 1000,
    GoingAway = 1001,
    ProtocolViolation = 1002,
    UnsupportedData = 1003,
    NoStatus = 1005, ///< never sent: the peer's Close had no code
    Abnormal = 1006, ///< never sent: the socket ended without a Close
    InvalidPayload = 1007,
    MessageTooBig = 1009,
    Drained = 4000,
    PingTimeout = 4001,
    SlowConsumer = 4002,
    Overloaded = 4003,
    AuthTimeout = 4004,
    Replaced = 4005,
    Kicked = 4500,
    Banned = 4501,
    Inactivity = 4502,
    RoomClosed = 4503,
    ProtocolError = 4504,
    RateAbuse = 4505,
};

/// The reason text that goes out with the code; at most 123 bytes (RFC 6455 5.5).
ROLLCALL_BASE_EXPORT QLatin1String closeReason(CloseCode code);

} // namespace Rollcall

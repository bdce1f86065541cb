// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QLatin1String>

#include <optional>
#include <span>

namespace Rollcall {

/// What went wrong, for machines: one table for HTTP problems, WebSocket `error` events and logs.
enum class ErrorCode {
    Internal,
    BadRequest, ///< not JSON, a member missing or of the wrong type
    OutOfRange, ///< NaN, Infinity, a number or length beyond its limit
    UnknownType, ///< an event nobody handles
    NotFound, ///< no such path
    MethodNotAllowed,
    Unauthorized, ///< no credential where one is needed
    TokenExpired,
    InvalidToken,
    Forbidden,
    RoomNotFound,
    RoomFull,
    NoRoom, ///< none of the rooms has a seat
    Blocked, ///< banned or blocked from the room
    NotInRoom,
    RateLimited,
    TooLarge,
    Unavailable, ///< Redis or another service does not answer; try again
    Starting,
    Draining,
    Timeout,
    Conflict,
    Configuration, ///< a setting is wrong; only ever in logs and at start-up
};

struct ErrorCodeInfo
{
    ErrorCode code;
    QLatin1String name; ///< as on the wire: "room_full"
    int httpStatus;
    QLatin1String title; ///< default text for the peer
};

/// Every code once, in the order of the enumeration.
ROLLCALL_BASE_EXPORT std::span<const ErrorCodeInfo> errorCodes();
ROLLCALL_BASE_EXPORT const ErrorCodeInfo &errorCodeInfo(ErrorCode code);

} // namespace Rollcall

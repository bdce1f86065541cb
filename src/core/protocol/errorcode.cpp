// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/errorcode.h"

#include <array>

namespace Rollcall {

namespace {

#define L(text) QLatin1String(text)
const std::array kCodes{
    ErrorCodeInfo{ErrorCode::Internal, L("internal"), 500, L("Internal error")},
    ErrorCodeInfo{ErrorCode::BadRequest, L("bad_request"), 400, L("Bad request")},
    ErrorCodeInfo{ErrorCode::OutOfRange, L("out_of_range"), 400, L("A value is out of range")},
    ErrorCodeInfo{ErrorCode::UnknownType, L("unknown_type"), 400, L("Unknown message type")},
    ErrorCodeInfo{ErrorCode::NotFound, L("not_found"), 404, L("Not found")},
    ErrorCodeInfo{ErrorCode::MethodNotAllowed, L("method_not_allowed"), 405,
                  L("Method not allowed")},
    ErrorCodeInfo{ErrorCode::Unauthorized, L("unauthorized"), 401, L("A token is needed")},
    ErrorCodeInfo{ErrorCode::TokenExpired, L("token_expired"), 401, L("The token has expired")},
    ErrorCodeInfo{ErrorCode::InvalidToken, L("invalid_token"), 401, L("The token is not valid")},
    ErrorCodeInfo{ErrorCode::Forbidden, L("forbidden"), 403, L("Not allowed")},
    ErrorCodeInfo{ErrorCode::RoomNotFound, L("room_not_found"), 404, L("There is no such room")},
    ErrorCodeInfo{ErrorCode::RoomFull, L("room_full"), 409, L("The room is full")},
    ErrorCodeInfo{ErrorCode::NoRoom, L("no_room"), 503, L("No room has a free seat")},
    ErrorCodeInfo{ErrorCode::Blocked, L("blocked"), 409, L("You cannot enter this room")},
    ErrorCodeInfo{ErrorCode::NotInRoom, L("not_in_room"), 409, L("You are not in this room")},
    ErrorCodeInfo{ErrorCode::RateLimited, L("rate_limited"), 429, L("Too many requests")},
    ErrorCodeInfo{ErrorCode::TooLarge, L("too_large"), 413, L("Too large")},
    ErrorCodeInfo{ErrorCode::Unavailable, L("unavailable"), 503, L("Not available right now")},
    ErrorCodeInfo{ErrorCode::Starting, L("starting"), 503, L("The server is starting")},
    ErrorCodeInfo{ErrorCode::Draining, L("draining"), 503, L("The server is shutting down")},
    ErrorCodeInfo{ErrorCode::Timeout, L("timeout"), 504, L("No answer in time")},
    ErrorCodeInfo{ErrorCode::Conflict, L("conflict"), 409, L("Conflict")},
    ErrorCodeInfo{ErrorCode::Configuration, L("configuration"), 500, L("A setting is wrong")},
};
#undef L

} // namespace

std::span<const ErrorCodeInfo> errorCodes() { return kCodes; }

const ErrorCodeInfo &errorCodeInfo(ErrorCode code)
{
    const auto index = static_cast<size_t>(code);
    Q_ASSERT(index < kCodes.size() && kCodes[index].code == code);
    return kCodes[index];
}

} // namespace Rollcall

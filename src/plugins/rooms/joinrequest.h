// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/result.h"
#include "core/protocol/tokenclaims.h"
#include "core/services/httpservice.h"

#include <optional>

namespace Rollcall::Rooms {

/// POST /rooms/join, checked.
struct JoinRequest
{
    std::optional<RoomId> room; ///< none: the hottest
    QByteArray region;
    QByteArray theme;
    TokenClaims claims; ///< of the token to be made: everything but `room`, `jti` and `exp`

    /// The caller's identity comes from the token; without one it is the body's `user`, who becomes
    /// a new guest
    /// (`anon:...`) without a userId. Errors: BadRequest, OutOfRange; Forbidden for a token that
    /// opens one room only, or a userId that is not the token's.
    static Result<JoinRequest> parse(const HttpRequest &request);
};

} // namespace Rollcall::Rooms

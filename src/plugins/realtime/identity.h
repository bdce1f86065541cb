// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/result.h"
#include "core/protocol/clientmessage.h"
#include "core/protocol/tokenclaims.h"
#include "core/services/upgradeservice.h"

#include <optional>

namespace Rollcall {
class TokenService;
}

namespace Rollcall::Realtime {

/// Who a connection is.
struct Identity
{
    UserId user; ///< null: nobody yet
    QByteArray displayName;
    QByteArray avatar;
    QByteArray device; ///< deviceId; empty: not known
    QByteArray role; ///< of the token; empty: none
    QByteArray reservation; ///< `jti` of a realtimeToken
    std::optional<RoomId> onlyRoom; ///< the only one that the token opens
    DeviceType deviceType = DeviceType::Desktop;
    bool isVerified = false; ///< by a token
};

/// The token of a handshake: ?token=, Authorization: Bearer, the headers token and voicepingtoken,
/// or the sub-protocol pair `rollcall, <jwt>`; empty if there is none.
QByteArray handshakeToken(const UpgradeRequest &request);

/// Errors of TokenService::verify(), and InvalidToken for claims that no client may have.
Result<Identity> identityFromToken(const QByteArray &token, const TokenService &tokens);

/// Who wants to join: the bearer of the message's token, else of the handshake's, else whoever the
/// connection is already, else a guest. Errors: those of verify(), Unauthorized (a token is
/// needed), Forbidden (another user than the token's, or a room that it does not open).
Result<Identity> identityForJoin(const JoinMessage &join, const QByteArray &handshakeToken,
                                 const Identity &current, const TokenService &tokens);

} // namespace Rollcall::Realtime

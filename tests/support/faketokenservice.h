// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/tokenservice.h"

#include <QHash>

namespace Rollcall {

/// Tokens that a test has made up: whatever is in `known` is valid.
class FakeTokenService : public TokenService
{
public:
    using TokenService::TokenService;

    bool authRequired = false;
    bool isUsable = true;
    QHash<QByteArray, TokenClaims> known;
    QList<QByteArray> expired;

    bool isAuthRequired() const override { return authRequired; }
    bool isReady() const override { return isUsable; }
    Result<TokenClaims> verify(const QByteArray &token) const override
    {
        if (!isUsable)
            return Error{ErrorCode::Unavailable, {}, {}};
        if (expired.contains(token))
            return Error{ErrorCode::TokenExpired, {}, {}};
        if (!known.contains(token))
            return Error{ErrorCode::InvalidToken, {}, {}};
        return known.value(token);
    }
    Result<QByteArray> issue(const TokenClaims &, std::chrono::milliseconds) const override
    {
        return Error{ErrorCode::Unavailable, {}, {}};
    }
    bool isOperatorCredential(const QByteArray &) const override { return false; }

    void add(const QByteArray &token, const QByteArray &user, const QByteArray &room = {})
    {
        TokenClaims claims;
        claims.subject = UserId(user);
        claims.id = "reservation-of-" + user;
        if (!room.isEmpty())
            claims.room = RoomId(room);
        known.insert(token, claims);
    }
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/strongid.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace Rollcall {

/// What a verified token says. Absent claims are empty.
struct TokenClaims
{
    UserId subject; ///< `sub`
    bool numericSubject = false; ///< `sub` was a JSON number and goes back as one
    std::optional<RoomId> room; ///< `room`: the only room a realtimeToken opens
    QByteArray name; ///< `name`
    QByteArray avatar; ///< `avatar`
    QByteArray device; ///< `device`: the client's deviceId
    QByteArray deviceType; ///< `deviceType`: desktop / mobile / vr
    QByteArray role; ///< `role`: mobile, web, dashboard, admin ...
    QByteArray region; ///< `region`
    QList<QByteArray> groups; ///< `groups`
    QByteArray id; ///< `jti`: the reservation of a realtimeToken
    qint64 expiresAtMs = 0; ///< `exp`, as milliseconds since the epoch; 0 = never
};

} // namespace Rollcall

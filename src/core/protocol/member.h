// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/strongid.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace Rollcall {

enum class RoomKind : quint8 { Room, Page, Group };
enum class DeviceType : quint8 { Desktop, Mobile, Vr, Web };
enum class MemberState : quint8 { Active, Away };
enum class Dialect : quint8 { Rooms, Pages, VoicePing, SocketIo };

/// Why a membership ended; the names are those of `member_left.reason`.
enum class LeaveReason : quint8 { Left, Lost, Expired, Kicked, Drained };

/// How much the clients in a room are told about who comes and goes.
enum class PresenceMode : quint8 {
    Full, ///< every change at once
    Delta, ///< all changes of an interval together
    Count, ///< only how many there are
};

/// A user as the others in a room see them. Texts are UTF-8, already checked against their limits.
struct Member
{
    UserId user;
    QByteArray displayName; ///< 1-64 code points
    QByteArray avatar; ///< an id or an http(s) URL, <= 512 bytes
    DeviceType device = DeviceType::Desktop;
    MemberState state = MemberState::Active;
    qint64 joinedAtMs = 0; ///< of the user's first membership in the room
};

/// Where an avatar is. Finite numbers only; the decoder refuses others.
struct Transform
{
    quint64 seq = 0;
    double x = 0;
    double y = 0;
    double z = 0;
    double rotY = 0;
    quint8 animation = 0; ///< index into animationNames()
    bool speaking = false;
};

ROLLCALL_BASE_EXPORT QByteArrayView roomKindName(RoomKind kind);
ROLLCALL_BASE_EXPORT std::optional<RoomKind> roomKindFromName(QByteArrayView name);
ROLLCALL_BASE_EXPORT QByteArrayView deviceTypeName(DeviceType type);
ROLLCALL_BASE_EXPORT std::optional<DeviceType> deviceTypeFromName(QByteArrayView name);
ROLLCALL_BASE_EXPORT QByteArrayView memberStateName(MemberState state);
ROLLCALL_BASE_EXPORT std::optional<MemberState> memberStateFromName(QByteArrayView name);
ROLLCALL_BASE_EXPORT QByteArrayView leaveReasonName(LeaveReason reason);
ROLLCALL_BASE_EXPORT std::optional<LeaveReason> leaveReasonFromName(QByteArrayView name);
ROLLCALL_BASE_EXPORT QByteArrayView dialectName(Dialect dialect);
/// "full", "delta", "count".
ROLLCALL_BASE_EXPORT QByteArrayView presenceModeName(PresenceMode mode);
/// "idle", "walk", "dance", "wave" for 0-3.
ROLLCALL_BASE_EXPORT QByteArrayView animationName(quint8 animation);
ROLLCALL_BASE_EXPORT std::optional<quint8> animationFromName(QByteArrayView name);

} // namespace Rollcall

Q_DECLARE_METATYPE(Rollcall::Member)

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/member.h"

#include <array>

namespace Rollcall {

namespace {

using namespace std::string_view_literals;

constexpr std::array kRoomKinds{"room"sv, "page"sv, "group"sv};
constexpr std::array kDeviceTypes{"desktop"sv, "mobile"sv, "vr"sv, "web"sv};
constexpr std::array kMemberStates{"active"sv, "away"sv};
constexpr std::array kLeaveReasons{"left"sv, "lost"sv, "expired"sv, "kicked"sv, "drained"sv};
constexpr std::array kDialects{"rooms"sv, "pages"sv, "voiceping"sv, "socketio"sv};
constexpr std::array kPresenceModes{"full"sv, "delta"sv, "count"sv};
constexpr std::array kAnimations{"idle"sv, "walk"sv, "dance"sv, "wave"sv};

template <size_t N>
QByteArrayView nameOf(const std::array<std::string_view, N> &names, size_t index)
{
    Q_ASSERT(index < N);
    return QByteArrayView(names[index].data(), qsizetype(names[index].size()));
}

template <typename Value, size_t N>
std::optional<Value> fromName(const std::array<std::string_view, N> &names, QByteArrayView name)
{
    const std::string_view wanted(name.data(), size_t(name.size()));
    for (size_t i = 0; i < N; ++i) {
        if (names[i] == wanted)
            return static_cast<Value>(i);
    }
    return std::nullopt;
}

} // namespace

QByteArrayView roomKindName(RoomKind kind) { return nameOf(kRoomKinds, size_t(kind)); }
std::optional<RoomKind> roomKindFromName(QByteArrayView name)
{
    return fromName<RoomKind>(kRoomKinds, name);
}

QByteArrayView deviceTypeName(DeviceType type) { return nameOf(kDeviceTypes, size_t(type)); }
std::optional<DeviceType> deviceTypeFromName(QByteArrayView name)
{
    return fromName<DeviceType>(kDeviceTypes, name);
}

QByteArrayView memberStateName(MemberState state) { return nameOf(kMemberStates, size_t(state)); }
std::optional<MemberState> memberStateFromName(QByteArrayView name)
{
    return fromName<MemberState>(kMemberStates, name);
}

QByteArrayView leaveReasonName(LeaveReason reason) { return nameOf(kLeaveReasons, size_t(reason)); }
std::optional<LeaveReason> leaveReasonFromName(QByteArrayView name)
{
    return fromName<LeaveReason>(kLeaveReasons, name);
}

QByteArrayView dialectName(Dialect dialect) { return nameOf(kDialects, size_t(dialect)); }

QByteArrayView presenceModeName(PresenceMode mode) { return nameOf(kPresenceModes, size_t(mode)); }

QByteArrayView animationName(quint8 animation) { return nameOf(kAnimations, animation); }
std::optional<quint8> animationFromName(QByteArrayView name)
{
    return fromName<quint8>(kAnimations, name);
}

} // namespace Rollcall

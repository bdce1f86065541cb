// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/member.h"

#include <QByteArrayView>

#include <optional>
#include <variant>

namespace Rollcall {

// What a client can say, in any dialect. Texts are views into the decoder and end with its next
// decode().

/// An id as the client wrote it: a text, or a number that goes back as one.
struct WireId
{
    QByteArrayView text;
    bool isNumeric = false;
};

struct JoinMessage
{
    WireId room;
    WireId user; ///< empty: the token's subject, or a new guest
    QByteArrayView displayName; ///< empty: not given
    QByteArrayView avatar; ///< empty: not given
    QByteArrayView device; ///< the client's deviceId; empty: not given
    std::optional<DeviceType> deviceType;
    QByteArrayView token; ///< empty: not given
    bool batch = false; ///< movement arrives batched
};

struct LeaveMessage
{
    WireId room;
};

struct HeartbeatMessage
{
    WireId room;
    std::optional<double> clientTimeMs; ///< echoed
};

struct TransformMessage
{
    WireId room;
    Transform transform;
};

struct ChatMessage
{
    WireId room;
    QByteArrayView text; ///< 1 to ClientLimits::chatCharacters code points
};

struct EmoteMessage
{
    WireId room;
    QByteArrayView emote;
};

struct StateMessage
{
    WireId room;
    MemberState state = MemberState::Active;
};

struct RefreshTokenMessage
{
    QByteArrayView token;
};

/// A well-formed event of a type that the dialect does not know.
struct OtherMessage
{
    QByteArrayView type;
    QByteArrayView payloadJson; ///< an object, checked
};

using ClientMessage =
    std::variant<JoinMessage, LeaveMessage, HeartbeatMessage, TransformMessage, ChatMessage,
                 EmoteMessage, StateMessage, RefreshTokenMessage, OtherMessage>;

/// What a decoder accepts of the values in a message.
struct ClientLimits
{
    int chatCharacters = 240;
    double coordinate = 1e6; ///< largest absolute value of x, y, z and rotY
};

} // namespace Rollcall

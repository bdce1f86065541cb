// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/errorcode.h"
#include "core/protocol/member.h"

#include <QByteArrayView>
#include <QList>

#include <chrono>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace Rollcall {

// What the server can say, in any dialect. Spans and views are borrowed during the encoding.

struct RoomStateEvent
{
    QByteArrayView room;
    bool isNumericRoom = false; ///< the client wrote the id as a number
    std::span<const Member> members;
    std::span<const Transform> transforms; ///< one per member
    int occupancy = 0;
    std::chrono::milliseconds heartbeatInterval{0};
    std::chrono::milliseconds ttl{0};
    PresenceMode mode = PresenceMode::Full; ///< Count: the members are not all
};

struct MemberJoinedEvent
{
    QByteArrayView room;
    const Member &member;
    Transform transform;
};

struct MemberLeftEvent
{
    QByteArrayView room;
    QByteArrayView user;
    LeaveReason reason = LeaveReason::Left;
};

struct MemberUpdatedEvent
{
    QByteArrayView room;
    const Member &member;
};

struct PresenceModeEvent
{
    QByteArrayView room;
    PresenceMode mode = PresenceMode::Full;
    int occupancy = 0;
};

/// What has changed among the members of a large room since the last one. Whoever is in `joined` or
/// `updated` is a member and looks like that, known before or not; whoever is in `left` is none.
struct PresenceDeltaEvent
{
    struct Entry
    {
        Member member;
        Transform transform;
    };
    struct Departure
    {
        UserId user;
        LeaveReason reason = LeaveReason::Left;
    };

    QByteArrayView room;
    std::span<const Entry> joined;
    std::span<const Departure> left;
    std::span<const Entry> updated;
    int occupancy = 0;
};

struct PresenceCountEvent
{
    QByteArrayView room;
    int occupancy = 0;
};

struct TransformEvent
{
    QByteArrayView user;
    Transform transform;
};

/// Where one element of an encoded list would be cut out, relative to the beginning of the message.
struct EncodedCut
{
    qsizetype begin = 0;
    qsizetype end = 0;
};

struct TransformBatchEvent
{
    QByteArrayView room;
    std::span<const TransformEvent> transforms;
    /// If given: gets one cut per transform. What remains without one of them is a whole message,
    /// so that nobody is sent their own movement although it is encoded once.
    std::vector<EncodedCut> *cuts = nullptr;
};

struct ChatEvent
{
    QByteArrayView room;
    QByteArrayView user;
    QByteArrayView text;
    QByteArrayView messageId;
};

struct EmoteEvent
{
    QByteArrayView room;
    QByteArrayView user;
    QByteArrayView emote;
};

struct HeartbeatAckEvent
{
    QByteArrayView room;
    bool isNumericRoom = false;
    std::optional<double> clientTimeMs;
};

struct ModerationEvent
{
    QByteArrayView type; ///< kicked / banned / mutedByMod
    QByteArrayView reason;
    QByteArrayView room = {}; ///< empty: everywhere
};

struct RateLimitedEvent
{
    QByteArrayView event;
    double limitPerSecond = 0;
    quint64 dropped = 0;
};

struct AuthErrorEvent
{
    ErrorCode code =
        ErrorCode::InvalidToken; ///< TokenExpired, InvalidToken (also for none) or Forbidden
    QByteArrayView message;
};

struct ErrorEvent
{
    ErrorCode code = ErrorCode::Internal;
    QByteArrayView message; ///< empty: the code's title
    QByteArrayView event; ///< what the client had sent; empty: unknown
};

struct DrainingEvent
{
    std::chrono::milliseconds reconnectIn{0};
    QByteArrayView url; ///< empty: the same
};

/// An event of a plugin of its own.
struct OtherEvent
{
    QByteArrayView type;
    QByteArrayView payloadJson;
};

using ServerEvent =
    std::variant<RoomStateEvent, MemberJoinedEvent, MemberLeftEvent, MemberUpdatedEvent,
                 TransformEvent, TransformBatchEvent, ChatEvent, EmoteEvent, HeartbeatAckEvent,
                 ModerationEvent, RateLimitedEvent, AuthErrorEvent, ErrorEvent, DrainingEvent,
                 PresenceModeEvent, PresenceDeltaEvent, PresenceCountEvent, OtherEvent>;

} // namespace Rollcall

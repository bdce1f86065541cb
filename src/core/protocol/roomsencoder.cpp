// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/roomsencoder.h"

#include "core/protocol/jsontext.h"

namespace Rollcall {

namespace {

void appendMember(QByteArray &out, const Member &member)
{
    out += "\"userId\":";
    appendJsonText(out, member.user.value());
    out += ",\"displayName\":";
    appendJsonText(out, member.displayName);
    out += ",\"avatarId\":";
    appendJsonText(out, member.avatar);
    out += ",\"state\":";
    appendJsonText(out, memberStateName(member.state));
}

void appendTransform(QByteArray &out, const Transform &transform)
{
    out += "\"x\":";
    appendJsonNumber(out, transform.x);
    out += ",\"y\":";
    appendJsonNumber(out, transform.y);
    out += ",\"z\":";
    appendJsonNumber(out, transform.z);
    out += ",\"rotY\":";
    appendJsonNumber(out, transform.rotY);
    out += ",\"anim\":\"";
    out += animationName(transform.animation);
    out += transform.speaking ? "\",\"speaking\":true" : "\",\"speaking\":false";
}

void appendPlacedMember(QByteArray &out, const Member &member, const Transform &transform)
{
    out += '{';
    appendMember(out, member);
    out += ',';
    appendTransform(out, transform);
    out += '}';
}

void appendSequenced(QByteArray &out, const Transform &transform)
{
    out += "\"seq\":";
    appendJsonInteger(out, transform.seq);
    out += ',';
    appendTransform(out, transform);
}

void appendRoom(QByteArray &out, QByteArrayView room, bool isNumeric = false)
{
    out += "\"roomId\":";
    if (isNumeric)
        out += room;
    else
        appendJsonText(out, room);
}

void appendRoomAndUser(QByteArray &out, QByteArrayView room, QByteArrayView user)
{
    appendRoom(out, room);
    out += ",\"userId\":";
    appendJsonText(out, user);
}

void appendOccupancy(QByteArray &out, int occupancy)
{
    out += ",\"occupancy\":";
    appendJsonInteger(out, qint64(occupancy));
}

// The payload of each event, without its braces, and its name.

QByteArrayView nameOf(const RoomStateEvent &) { return "room_state"; }
void appendPayload(QByteArray &out, const RoomStateEvent &event, qint64 nowMs)
{
    appendRoom(out, event.room, event.isNumericRoom);
    out += ",\"serverTimeMs\":";
    appendJsonInteger(out, nowMs);
    out += ",\"members\":[";
    for (size_t i = 0; i < event.members.size(); ++i) {
        if (i > 0)
            out += ',';
        appendPlacedMember(out, event.members[i], event.transforms[i]);
    }
    out += "],\"mode\":";
    appendJsonText(out, presenceModeName(event.mode));
    appendOccupancy(out, event.occupancy);
    out += ",\"heartbeatIntervalMs\":";
    appendJsonInteger(out, qint64(event.heartbeatInterval.count()));
    out += ",\"ttlMs\":";
    appendJsonInteger(out, qint64(event.ttl.count()));
}

QByteArrayView nameOf(const MemberJoinedEvent &) { return "member_joined"; }
void appendPayload(QByteArray &out, const MemberJoinedEvent &event, qint64)
{
    appendRoom(out, event.room);
    out += ",\"member\":";
    appendPlacedMember(out, event.member, event.transform);
}

QByteArrayView nameOf(const MemberLeftEvent &) { return "member_left"; }
void appendPayload(QByteArray &out, const MemberLeftEvent &event, qint64)
{
    appendRoomAndUser(out, event.room, event.user);
    out += ",\"reason\":";
    appendJsonText(out, leaveReasonName(event.reason));
}

QByteArrayView nameOf(const MemberUpdatedEvent &) { return "member_updated"; }
void appendPayload(QByteArray &out, const MemberUpdatedEvent &event, qint64)
{
    appendRoom(out, event.room);
    out += ',';
    appendMember(out, event.member);
}

QByteArrayView nameOf(const PresenceModeEvent &) { return "presence_mode"; }
void appendPayload(QByteArray &out, const PresenceModeEvent &event, qint64)
{
    appendRoom(out, event.room);
    out += ",\"mode\":";
    appendJsonText(out, presenceModeName(event.mode));
    appendOccupancy(out, event.occupancy);
}

void appendEntries(QByteArray &out, std::span<const PresenceDeltaEvent::Entry> entries)
{
    for (size_t i = 0; i < entries.size(); ++i) {
        if (i > 0)
            out += ',';
        appendPlacedMember(out, entries[i].member, entries[i].transform);
    }
}

QByteArrayView nameOf(const PresenceDeltaEvent &) { return "presence_delta"; }
void appendPayload(QByteArray &out, const PresenceDeltaEvent &event, qint64)
{
    appendRoom(out, event.room);
    out += ",\"joined\":[";
    appendEntries(out, event.joined);
    out += "],\"left\":[";
    for (size_t i = 0; i < event.left.size(); ++i) {
        out += i == 0 ? "{\"userId\":" : ",{\"userId\":";
        appendJsonText(out, event.left[i].user.value());
        out += ",\"reason\":";
        appendJsonText(out, leaveReasonName(event.left[i].reason));
        out += '}';
    }
    out += "],\"updated\":[";
    appendEntries(out, event.updated);
    out += ']';
    appendOccupancy(out, event.occupancy);
}

QByteArrayView nameOf(const PresenceCountEvent &) { return "presence_count"; }
void appendPayload(QByteArray &out, const PresenceCountEvent &event, qint64)
{
    appendRoom(out, event.room);
    appendOccupancy(out, event.occupancy);
}

QByteArrayView nameOf(const TransformEvent &) { return "avatar_transform_broadcast"; }
void appendPayload(QByteArray &out, const TransformEvent &event, qint64)
{
    out += "\"userId\":";
    appendJsonText(out, event.user);
    out += ',';
    appendSequenced(out, event.transform);
}

QByteArrayView nameOf(const TransformBatchEvent &) { return "avatar_transforms"; }
void appendPayload(QByteArray &out, const TransformBatchEvent &event, qint64 nowMs, qsizetype base)
{
    appendRoom(out, event.room);
    out += ",\"transforms\":[";
    for (size_t i = 0; i < event.transforms.size(); ++i) {
        // An element goes with the comma before it, the first one with the comma behind it.
        const qsizetype begin = out.size() - base;
        if (i > 0)
            out += ',';
        if (i == 1 && event.cuts)
            event.cuts->front().end = out.size() - base;
        out += '{';
        appendPayload(out, event.transforms[i], nowMs);
        out += '}';
        if (event.cuts)
            event.cuts->push_back({begin, out.size() - base});
    }
    out += ']';
}

QByteArrayView nameOf(const ChatEvent &) { return "chat_broadcast"; }
void appendPayload(QByteArray &out, const ChatEvent &event, qint64)
{
    appendRoomAndUser(out, event.room, event.user);
    out += ",\"text\":";
    appendJsonText(out, event.text);
    out += ",\"messageId\":";
    appendJsonText(out, event.messageId);
}

QByteArrayView nameOf(const EmoteEvent &) { return "emote_broadcast"; }
void appendPayload(QByteArray &out, const EmoteEvent &event, qint64)
{
    appendRoomAndUser(out, event.room, event.user);
    out += ",\"emoteId\":";
    appendJsonText(out, event.emote);
}

QByteArrayView nameOf(const HeartbeatAckEvent &) { return "heartbeat_ack"; }
void appendPayload(QByteArray &out, const HeartbeatAckEvent &event, qint64 nowMs)
{
    appendRoom(out, event.room, event.isNumericRoom);
    if (event.clientTimeMs) {
        out += ",\"clientTimeMs\":";
        appendJsonNumber(out, *event.clientTimeMs);
    }
    out += ",\"serverTimeMs\":";
    appendJsonInteger(out, nowMs);
}

QByteArrayView nameOf(const ModerationEvent &) { return "moderation_action"; }
void appendPayload(QByteArray &out, const ModerationEvent &event, qint64)
{
    out += "\"type\":";
    appendJsonText(out, event.type);
    out += ",\"reason\":";
    appendJsonText(out, event.reason);
    if (!event.room.isEmpty()) {
        out += ',';
        appendRoom(out, event.room);
    }
}

QByteArrayView nameOf(const RateLimitedEvent &) { return "rate_limited"; }
void appendPayload(QByteArray &out, const RateLimitedEvent &event, qint64)
{
    out += "\"event\":";
    appendJsonText(out, event.event);
    out += ",\"limitPerSecond\":";
    appendJsonNumber(out, event.limitPerSecond);
    out += ",\"dropped\":";
    appendJsonInteger(out, event.dropped);
}

QByteArrayView textOf(ErrorCode code, QByteArrayView text)
{
    const QLatin1String title = errorCodeInfo(code).title;
    return text.isEmpty() ? QByteArrayView(title.data(), title.size()) : text;
}

void appendCode(QByteArray &out, ErrorCode code)
{
    const QLatin1String name = errorCodeInfo(code).name;
    appendJsonText(out, QByteArrayView(name.data(), name.size()));
}

QByteArrayView nameOf(const AuthErrorEvent &) { return "auth_error"; }
void appendPayload(QByteArray &out, const AuthErrorEvent &event, qint64)
{
    const bool isKnown =
        event.code == ErrorCode::TokenExpired || event.code == ErrorCode::Forbidden;
    out += "\"reason\":";
    appendCode(out, isKnown ? event.code : ErrorCode::InvalidToken);
    out += ",\"message\":";
    appendJsonText(out, textOf(event.code, event.message));
}

QByteArrayView nameOf(const ErrorEvent &) { return "error"; }
void appendPayload(QByteArray &out, const ErrorEvent &event, qint64)
{
    out += "\"code\":";
    appendCode(out, event.code);
    out += ",\"message\":";
    appendJsonText(out, textOf(event.code, event.message));
    if (!event.event.isEmpty()) {
        out += ",\"event\":";
        appendJsonText(out, event.event);
    }
}

QByteArrayView nameOf(const DrainingEvent &) { return "draining"; }
void appendPayload(QByteArray &out, const DrainingEvent &event, qint64)
{
    out += "\"reconnectInMs\":";
    appendJsonInteger(out, qint64(event.reconnectIn.count()));
    if (!event.url.isEmpty()) {
        out += ",\"url\":";
        appendJsonText(out, event.url);
    }
}

void appendEnvelope(QByteArray &out, QByteArrayView type, qint64 nowMs)
{
    out += "{\"v\":1,\"t\":";
    appendJsonText(out, type);
    out += ",\"ts\":";
    appendJsonInteger(out, nowMs);
    out += ",\"payload\":";
}

void appendFrame(QByteArray &out, const TransformBatchEvent &event, qint64 nowMs)
{
    const qsizetype base = out.size();
    if (event.cuts)
        event.cuts->clear();
    appendEnvelope(out, nameOf(event), nowMs);
    out += '{';
    appendPayload(out, event, nowMs, base);
    out += "}}";
}

template <typename Event>
void appendFrame(QByteArray &out, const Event &event, qint64 nowMs)
{
    appendEnvelope(out, nameOf(event), nowMs);
    out += '{';
    appendPayload(out, event, nowMs);
    out += "}}";
}

void appendFrame(QByteArray &out, const OtherEvent &event, qint64 nowMs)
{
    appendEnvelope(out, event.type, nowMs);
    out += event.payloadJson;
    out += '}';
}

} // namespace

void appendRoomsFrame(QByteArray &out, const ServerEvent &event, qint64 nowMs)
{
    std::visit([&](const auto &which) { appendFrame(out, which, nowMs); }, event);
}

void appendTransformObject(QByteArray &out, const Transform &transform)
{
    out += '{';
    appendSequenced(out, transform);
    out += '}';
}

} // namespace Rollcall

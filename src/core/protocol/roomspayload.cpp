// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/roomspayload_p.h"

#include "core/protocol/wireid.h"

namespace Rollcall {

using namespace simdjson;

namespace {

constexpr qsizetype kMaxTypeBytes = 64;

JsonProblem readId(JsonValue &value, WireId &id, const char *what)
{
    ondemand::json_type type;
    if (value.type().get(type))
        return wrong(what);
    if (type == ondemand::json_type::number) {
        // Only whole numbers name something; as text they are what the client wrote.
        ondemand::number number;
        const std::string_view token = value.raw_json_token();
        if (value.get_number().get(number) || number.is_double())
            return wrong(what);
        id = {view(token).trimmed(), true};
        return {};
    }
    if (const JsonProblem problem = readText(value, id.text, what))
        return problem;
    return isValidId(id.text) ? JsonProblem() : outOfRange(what);
}

JsonProblem readRoom(JsonValue &value, WireId &room)
{
    return readId(value, room, "roomId must be an id of 1 to 128 bytes");
}

JsonProblem requireRoom(JsonProblem problem, const WireId &room)
{
    return !problem && room.text.isEmpty() ? wrong("roomId is missing") : problem;
}

JsonProblem readUser(JsonValue &value, JoinMessage &join)
{
    ondemand::object user;
    if (value.get_object().get(user))
        return wrong("user must be an object");
    return eachField(user, [&](std::string_view key, JsonValue &field) -> JsonProblem {
        if (key == "userId")
            return readId(field, join.user, "userId must be an id of 1 to 128 bytes");
        if (key == "displayName") {
            const JsonProblem problem =
                readText(field, join.displayName, "displayName must be a text");
            return problem || isValidDisplayName(join.displayName)
                ? problem
                : outOfRange("displayName must have 1 to 64 characters");
        }
        if (key == "avatarId") {
            const JsonProblem problem = readText(field, join.avatar, "avatarId must be a text");
            return problem || isValidAvatar(join.avatar)
                ? problem
                : outOfRange("avatarId must be an id or an http(s) URL of at most 512 bytes");
        }
        return {};
    });
}

JsonProblem read(ondemand::object object, JoinMessage &join)
{
    const JsonProblem problem =
        eachField(object, [&](std::string_view key, JsonValue &value) -> JsonProblem {
            if (key == "roomId")
                return readRoom(value, join.room);
            if (key == "user")
                return readUser(value, join);
            if (key == "deviceType") {
                QByteArrayView name;
                const JsonProblem wrongType = readText(value, name, "deviceType must be a text");
                join.deviceType = deviceTypeFromName(name);
                return wrongType || join.deviceType
                    ? wrongType
                    : outOfRange("deviceType must be desktop, mobile or vr");
            }
            if (key == "deviceId") {
                const JsonProblem wrongType =
                    readText(value, join.device, "deviceId must be a text");
                return wrongType || isValidId(join.device)
                    ? wrongType
                    : outOfRange("deviceId must be an id of 1 to 128 bytes");
            }
            if (key == "token" || key == "realtimeToken")
                return readText(value, join.token, "token must be a text");
            if (key == "batch")
                return readBool(value, join.batch, "batch must be true or false");
            return {};
        });
    return requireRoom(problem, join.room);
}

JsonProblem read(ondemand::object object, HeartbeatMessage &heartbeat)
{
    const JsonProblem problem =
        eachField(object, [&](std::string_view key, JsonValue &value) -> JsonProblem {
            if (key == "roomId")
                return readRoom(value, heartbeat.room);
            if (key == "clientTimeMs" || key == "clientTime") {
                double time = 0;
                const JsonProblem wrongTime =
                    readNumber(value, time, 1e300, "clientTimeMs must be a number");
                heartbeat.clientTimeMs = time;
                return wrongTime;
            }
            return {};
        });
    return requireRoom(problem, heartbeat.room);
}

JsonProblem read(ondemand::object object, TransformMessage &message, double limit)
{
    unsigned seen = 0;
    JsonProblem problem =
        eachField(object, [&](std::string_view key, JsonValue &value) -> JsonProblem {
            JsonProblem field;
            if (readTransformField(key, value, message.transform, limit, seen, field))
                return field;
            return key == "roomId" ? readRoom(value, message.room) : JsonProblem();
        });
    if (!problem && seen != kWholeTransform)
        problem = wrong("seq, x, y, z, rotY, anim or speaking is missing");
    return requireRoom(problem, message.room);
}

JsonProblem read(ondemand::object object, ChatMessage &chat, int maxCharacters)
{
    JsonProblem problem =
        eachField(object, [&](std::string_view key, JsonValue &value) -> JsonProblem {
            if (key == "roomId")
                return readRoom(value, chat.room);
            if (key == "text") {
                const JsonProblem wrongType = readText(value, chat.text, "text must be a text");
                const qsizetype length = codePointCount(chat.text);
                return wrongType || (length >= 1 && length <= maxCharacters)
                    ? wrongType
                    : outOfRange("text is empty or too long");
            }
            if (key == "mode") {
                QByteArrayView mode;
                const JsonProblem wrongType = readText(value, mode, "mode must be a text");
                return wrongType || mode == QByteArrayView("local")
                    ? wrongType
                    : outOfRange("mode must be local");
            }
            return {};
        });
    if (!problem && chat.text.isEmpty())
        problem = wrong("text is missing");
    return requireRoom(problem, chat.room);
}

JsonProblem read(ondemand::object object, EmoteMessage &emote)
{
    WireId id;
    JsonProblem problem =
        eachField(object, [&](std::string_view key, JsonValue &value) -> JsonProblem {
            if (key == "roomId")
                return readRoom(value, emote.room);
            return key == "emoteId" ? readId(value, id, "emoteId must be an id of 1 to 128 bytes")
                                    : JsonProblem();
        });
    emote.emote = id.text;
    if (!problem && emote.emote.isEmpty())
        problem = wrong("emoteId is missing");
    return requireRoom(problem, emote.room);
}

JsonProblem read(ondemand::object object, RefreshTokenMessage &refresh)
{
    const JsonProblem problem =
        eachField(object, [&](std::string_view key, JsonValue &value) -> JsonProblem {
            return key == "token" || key == "realtimeToken"
                ? readText(value, refresh.token, "token must be a text")
                : JsonProblem();
        });
    return !problem && refresh.token.isEmpty() ? wrong("token is missing") : problem;
}

JsonProblem readOnlyRoom(ondemand::object object, WireId &room)
{
    const JsonProblem problem =
        eachField(object, [&](std::string_view key, JsonValue &value) -> JsonProblem {
            return key == "roomId" ? readRoom(value, room) : JsonProblem();
        });
    return requireRoom(problem, room);
}

JsonProblem readOther(QByteArrayView type, ondemand::object object, ClientMessage &message)
{
    std::string_view raw;
    if (object.raw_json().get(raw))
        return wrong("The message is not JSON");
    // Others will hand these bytes on, so they must be JSON through and through.
    dom::parser checker;
    dom::element element;
    if (checker.parse(raw.data(), raw.size()).get(element))
        return wrong("payload is not JSON");
    if (!isValidId(type, kMaxTypeBytes))
        return outOfRange("t must be an id of 1 to 64 bytes");
    message = OtherMessage{type, view(raw).trimmed()};
    return {};
}

} // namespace

JsonProblem readRoomsPayload(QByteArrayView type, ondemand::object object,
                             const ClientLimits &limits, ClientMessage &message)
{
    const std::string_view name(type.data(), size_t(type.size()));
    if (name == "avatar_transform")
        return read(object, message.emplace<TransformMessage>(), limits.coordinate);
    if (name == "heartbeat")
        return read(object, message.emplace<HeartbeatMessage>());
    if (name == "local_chat")
        return read(object, message.emplace<ChatMessage>(), limits.chatCharacters);
    if (name == "join_room")
        return read(object, message.emplace<JoinMessage>());
    if (name == "leave_room")
        return readOnlyRoom(object, message.emplace<LeaveMessage>().room);
    if (name == "emote")
        return read(object, message.emplace<EmoteMessage>());
    if (name == "away" || name == "active") {
        auto &state = message.emplace<StateMessage>();
        state.state = name == "away" ? MemberState::Away : MemberState::Active;
        return readOnlyRoom(object, state.room);
    }
    if (name == "refresh_token")
        return read(object, message.emplace<RefreshTokenMessage>());
    return readOther(type, object, message);
}

} // namespace Rollcall

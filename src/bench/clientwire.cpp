// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/clientwire.h"

#include <charconv>

namespace Rollcall::Bench {

namespace {

// {"v":1,"t":"..."
constexpr std::string_view kHead = R"({"v":1,"t":")";

std::optional<std::int64_t> leadingNumber(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() ? std::optional(value) : std::nullopt;
}

void begin(std::string &out, std::string_view type, std::string_view room)
{
    out.assign(kHead).append(type).append(R"(","payload":{"roomId":")").append(room);
}

} // namespace

ServerMessage classify(std::string_view text)
{
    if (text.substr(0, kHead.size()) != kHead)
        return ServerMessage::Other;
    text.remove_prefix(kHead.size());
    const std::string_view type = text.substr(0, text.find('"'));
    if (type == "avatar_transform_broadcast" || type == "avatar_transform")
        return ServerMessage::Movement;
    if (type == "avatar_transforms")
        return ServerMessage::Batch;
    if (type == "chat_broadcast" || type == "local_chat")
        return ServerMessage::Chat;
    if (type == "heartbeat_ack")
        return ServerMessage::HeartbeatAck;
    if (type == "room_state")
        return ServerMessage::RoomState;
    if (type == "draining")
        return ServerMessage::Draining;
    if (type == "member_left")
        return ServerMessage::MemberLeft;
    return type == "error" || type == "auth_error" ? ServerMessage::Refused : ServerMessage::Other;
}

std::string joinMessage(std::string_view room, std::string_view user, std::string_view token,
                        bool isBatch)
{
    std::string text;
    begin(text, "join_room", room);
    text.append(R"(","user":{"userId":")").append(user).append(R"(","displayName":")");
    text.append(user).append(R"(","avatarId":"a1"},"deviceType":"desktop")");
    if (!token.empty())
        text.append(R"(,"token":")").append(token).append("\"");
    return text.append(isBatch ? R"(,"batch":true}})" : "}}");
}

std::string heartbeatMessage(std::string_view room, Microseconds time)
{
    std::string text;
    begin(text, "heartbeat", room);
    return text.append(R"(","clientTimeMs":)").append(std::to_string(time.count())).append("}}");
}

void writeMovement(std::string &out, std::string_view room, std::string_view user,
                   Microseconds time)
{
    begin(out, "avatar_transform", room);
    out.append(R"(","userId":")").append(user).append(R"(","seq":)");
    out.append(std::to_string(time.count()));
    out.append(R"(,"x":12.25,"y":0,"z":-7.5,"rotY":1.57,"anim":"walk","speaking":false}})");
}

void writeChat(std::string &out, std::string_view room, std::string_view user, Microseconds time)
{
    begin(out, "local_chat", room);
    out.append(R"(","userId":")").append(user).append(R"(","text":")");
    out.append(std::to_string(time.count())).append(R"( is when this was said","mode":"local"}})");
}

std::string_view member(std::string_view text, std::string_view name)
{
    for (std::size_t at = text.find(name); at != std::string_view::npos;
         at = text.find(name, at + 1)) {
        const std::string_view rest = text.substr(at + name.size());
        if (at == 0 || text[at - 1] != '"' || rest.substr(0, 2) != "\":")
            continue;
        const std::string_view value = rest.substr(2);
        return value.substr(0, 1) == "\"" ? value.substr(1, value.find('"', 1) - 1)
                                          : value.substr(0, value.find_first_of(",}]"));
    }
    return {};
}

int senderOf(std::string_view text, std::string_view prefix)
{
    const std::string_view user = member(text, "userId");
    if (user.substr(0, prefix.size()) != prefix)
        return -1;
    return int(leadingNumber(user.substr(prefix.size() + 1)).value_or(-1));
}

std::optional<Microseconds> sentAt(std::string_view text, ServerMessage kind)
{
    const auto value = leadingNumber(member(text, kind == ServerMessage::Chat ? "text" : "seq"));
    return value ? std::optional(Microseconds(*value)) : std::nullopt;
}

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "soak/wire.h"

#include <charconv>

namespace Rollcall::Soak {

namespace {

using simdjson::dom::element;

constexpr std::string_view kHead = R"({"v":1,"t":")";

int numberIn(std::string_view name, char letter)
{
    int number = kNobody;
    if (name.substr(0, 1) == std::string_view(&letter, 1))
        std::from_chars(name.data() + 1, name.data() + name.size(), number);
    return number;
}

std::string_view text(element object, std::string_view key)
{
    std::string_view value;
    return object[key].get(value) ? std::string_view() : value;
}

std::int64_t integer(element object, std::string_view key)
{
    double value = 0;
    return object[key].get(value) ? 0 : std::int64_t(value);
}

int userIn(element object) { return numberIn(text(object, "userId"), 'u'); }

Place placeIn(element object)
{
    Place place{userIn(object), integer(object, "x"), int(integer(object, "z"))};
    return place;
}

bool readPlaces(element payload, std::string_view key, std::vector<Place> &places)
{
    simdjson::dom::array list;
    if (payload[key].get(list))
        return false;
    for (const element each : list) {
        places.push_back(placeIn(each));
        if (places.back().user == kNobody)
            return false;
    }
    return true;
}

bool readMode(element payload, Received &received)
{
    const std::string_view mode = text(payload, "mode");
    received.mode = mode == "full" ? Mode::Full : mode == "delta" ? Mode::Delta : Mode::Count;
    return mode == "full" || mode == "delta" || mode == "count";
}

bool readDeparture(element object, std::vector<Departure> &departures)
{
    const std::string_view reason = text(object, "reason");
    departures.push_back({userIn(object), reason == "lost"});
    return departures.back().user != kNobody && (reason == "lost" || reason == "left");
}

bool readDelta(element payload, Received &received)
{
    simdjson::dom::array left;
    if (!readPlaces(payload, "joined", received.places)
        || !readPlaces(payload, "updated", received.places) || payload["left"].get(left))
        return false;
    for (const element each : left) {
        if (!readDeparture(each, received.departures))
            return false;
    }
    return true;
}

Kind kindOf(std::string_view type)
{
    static constexpr std::pair<std::string_view, Kind> kKinds[] = {
        {"avatar_transform_broadcast", Kind::Movement},
        {"avatar_transforms", Kind::Movement},
        {"chat_broadcast", Kind::Chat},
        {"member_joined", Kind::Joined},
        {"member_left", Kind::Left},
        {"room_state", Kind::RoomState},
        {"heartbeat_ack", Kind::HeartbeatAck},
        {"presence_delta", Kind::Delta},
        {"presence_count", Kind::Count},
        {"presence_mode", Kind::Mode},
        {"member_updated", Kind::Updated},
        {"error", Kind::Refused},
        {"auth_error", Kind::Refused},
        {"rate_limited", Kind::Refused},
    };
    for (const auto &[name, kind] : kKinds) {
        if (name == type)
            return kind;
    }
    return Kind::Other;
}

std::string message(std::string_view type, int room)
{
    return std::string(kHead).append(type).append(R"(","payload":{"roomId":")") + roomName(room)
        + '"';
}

} // namespace

const Received *Decoder::decode(std::string_view message)
{
    m_received.places.clear();
    m_received.departures.clear();
    m_received.text.clear();
    element root;
    element payload;
    if (m_parser.parse(message.data(), message.size(), false).get(root)
        || root["payload"].get(payload))
        return nullptr;
    const std::string_view type = text(root, "t");
    m_received.kind = kindOf(type);
    m_received.isBatch = type == "avatar_transforms";
    if (m_received.kind == Kind::Refused || m_received.kind == Kind::Other)
        m_received.text = message;
    return read(type, payload) ? &m_received : nullptr;
}

bool Decoder::read(std::string_view type, element payload)
{
    Received &received = m_received;
    received.room = numberIn(text(payload, "roomId"), 'r');
    received.user = userIn(payload);
    received.occupancy = int(integer(payload, "occupancy"));
    switch (received.kind) {
    case Kind::RoomState:
        return readMode(payload, received) && readPlaces(payload, "members", received.places);
    case Kind::Joined: {
        element member;
        if (payload["member"].get(member))
            return false;
        received.places.push_back(placeIn(member));
        return received.places.back().user != kNobody;
    }
    case Kind::Left:
        return readDeparture(payload, received.departures);
    case Kind::Mode:
        return readMode(payload, received);
    case Kind::Delta:
        return readDelta(payload, received);
    case Kind::Movement:
        if (type == "avatar_transforms")
            return readPlaces(payload, "transforms", received.places);
        received.places.push_back(placeIn(payload));
        return received.user != kNobody
            && received.places.back().sequence == integer(payload, "seq");
    case Kind::Chat: {
        const std::string_view said = text(payload, "text");
        received.number = -1;
        std::from_chars(said.data(), said.data() + said.size(), received.number);
        return received.user != kNobody && received.number >= 0;
    }
    case Kind::HeartbeatAck:
        received.number = integer(payload, "clientTimeMs");
        return true;
    default:
        return true;
    }
}

std::set<int> membersIn(const std::string &answer)
{
    simdjson::dom::parser parser;
    simdjson::dom::array list;
    std::set<int> members;
    if (!parser.parse(answer)["members"].get(list)) {
        for (const element member : list)
            members.insert(userIn(member));
    }
    return members;
}

std::string userName(int user) { return 'u' + std::to_string(user); }
std::string roomName(int room) { return 'r' + std::to_string(room); }

std::string joinMessage(int room, int user, bool isBatch)
{
    const std::string name = userName(user);
    return message("join_room", room) + R"(,"user":{"userId":")" + name + R"(","displayName":")"
        + name + R"(","avatarId":"fox"},"deviceType":"desktop")"
        + (isBatch ? R"(,"batch":true}})" : "}}");
}

std::string leaveMessage(int room) { return message("leave_room", room) + "}}"; }

std::string heartbeatMessage(int room, std::int64_t number)
{
    return message("heartbeat", room) + R"(,"clientTimeMs":)" + std::to_string(number) + "}}";
}

std::string chatMessage(int room, std::int64_t number, int padding)
{
    return message("local_chat", room) + R"(,"text":")" + std::to_string(number) + ' '
        + std::string(std::size_t(padding), '.') + R"(","mode":"local"}})";
}

std::string movementMessage(int room, std::int64_t sequence)
{
    const std::string number = std::to_string(sequence);
    return message("avatar_transform", room) + R"(,"seq":)" + number + R"(,"x":)" + number
        + R"(,"y":0,"z":)" + std::to_string(room) + R"(,"rotY":0,"anim":"walk","speaking":false}})";
}

} // namespace Rollcall::Soak

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/memberjson.h"

#include "core/protocol/jsontext.h"
#include "core/redis/rediskeys.h"
#include "core/redis/redisreply.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace Rollcall::Presence {

QByteArray memberToJson(const SeatRecord &seat, const NodeId &node)
{
    const Member &member = seat.member;
    QByteArray json;
    json.reserve(320);
    const auto append = [&json](const char *name, QByteArrayView text) {
        json.append(json.isEmpty() ? "{\"" : ",\"").append(name).append("\":");
        appendJsonText(json, text);
    };
    const auto appendTime = [&json](const char *name, qint64 timeMs) {
        json.append(",\"").append(name).append("\":");
        appendJsonInteger(json, timeMs);
    };
    append("socketId",
           QByteArray(node.value() + ':' + QByteArray::number(seat.connection.value())));
    append("userId", member.user.value());
    append("roomId", seat.room.value());
    append("username", member.displayName);
    append("avatar", member.avatar);
    append("deviceType", deviceTypeName(member.device));
    append("state", memberStateName(member.state));
    appendTime("joinedAt", member.joinedAtMs);
    appendTime("lastActiveAt", seat.lastHeartbeatMs);
    append("node", node.value());
    return json + '}';
}

Member memberFromJson(const UserId &user, const QByteArray &json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const auto bytes = [&object](const char *key) {
        return object.value(QLatin1String(key)).toString().toUtf8();
    };
    Member member;
    member.user = user;
    member.displayName = bytes("username");
    if (member.displayName.isEmpty())
        member.displayName = user.value();
    member.avatar = bytes("avatar");
    member.device = deviceTypeFromName(bytes("deviceType")).value_or(DeviceType::Desktop);
    member.state = memberStateFromName(bytes("state")).value_or(MemberState::Active);
    member.joinedAtMs = qint64(object.value(QLatin1String("joinedAt")).toDouble());
    return member;
}

std::vector<HeldMember> heldMembersFromReply(const RedisReply &reply)
{
    std::vector<HeldMember> members;
    members.reserve(reply.elements.size() / 3);
    for (size_t i = 0; i + 2 < reply.elements.size(); i += 3) {
        const UserId user = userFromMemberName(reply.elements[i + 1].text);
        if (!user.isNull())
            members.push_back(
                {NodeId(reply.elements[i].text), memberFromJson(user, reply.elements[i + 2].text)});
    }
    return members;
}

bool looksTheSame(const Member &a, const Member &b)
{
    return a.displayName == b.displayName && a.avatar == b.avatar && a.device == b.device
        && a.state == b.state;
}

} // namespace Rollcall::Presence

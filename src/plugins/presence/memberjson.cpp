// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/memberjson.h"

#include "core/base/bytebuffer.h"
#include "core/protocol/jsontext.h"
#include "core/redis/rediskeys.h"
#include "core/redis/redisreply.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace Rollcall::Presence {

QByteArray memberToJson(const SeatRecord &seat, const NodeId &node)
{
    const Member &member = seat.member;
    const auto connection = QByteArray::number(seat.connection.value());
    const auto joinedAt = QByteArray::number(member.joinedAtMs);
    const auto lastActiveAt = QByteArray::number(seat.lastHeartbeatMs);
    using Escaped = EscapedJsonText;
    ByteBuffer json;
    json.append({R"({"socketId":")",
                 Escaped(node.value()),
                 ":",
                 connection,
                 R"(","userId":")",
                 Escaped(member.user.value()),
                 R"(","roomId":")",
                 Escaped(seat.room.value()),
                 R"(","username":")",
                 Escaped(member.displayName),
                 R"(","avatar":")",
                 Escaped(member.avatar),
                 R"(","deviceType":")",
                 deviceTypeName(member.device),
                 R"(","state":")",
                 memberStateName(member.state),
                 R"(","joinedAt":)",
                 joinedAt,
                 R"(,"lastActiveAt":)",
                 lastActiveAt,
                 R"(,"node":")",
                 Escaped(node.value()),
                 R"("})"});
    return json.take();
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

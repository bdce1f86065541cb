// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/memberjson.h"

#include "core/redis/rediskeys.h"
#include "core/redis/redisreply.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace Rollcall::Presence {

namespace {

QString text(QByteArrayView utf8) { return QString::fromUtf8(utf8); }

} // namespace

QByteArray memberToJson(const SeatRecord &seat, const NodeId &node)
{
    const Member &member = seat.member;
    const QJsonObject object{
        {QStringLiteral("socketId"),
         text(node.value() + ':' + QByteArray::number(seat.connection.value()))},
        {QStringLiteral("userId"), text(member.user.value())},
        {QStringLiteral("roomId"), text(seat.room.value())},
        {QStringLiteral("username"), text(member.displayName)},
        {QStringLiteral("avatar"), text(member.avatar)},
        {QStringLiteral("deviceType"), text(deviceTypeName(member.device))},
        {QStringLiteral("state"), text(memberStateName(member.state))},
        {QStringLiteral("joinedAt"), member.joinedAtMs},
        {QStringLiteral("lastActiveAt"), seat.lastHeartbeatMs},
        {QStringLiteral("node"), text(node.value())},
    };
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
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

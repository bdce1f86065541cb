// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/memberjson.h"

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

} // namespace Rollcall::Presence

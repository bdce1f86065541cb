// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/moderation/moderationmessage.h"

#include "core/protocol/wireid.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <array>

namespace Rollcall::Moderation {

namespace {

// Whoever can publish here can do worse; this is against accidents.
constexpr qsizetype kLongestMessage = 8192;
constexpr std::array kKinds{"kick", "ban", "mute", "block"};

QByteArray textOf(const QJsonObject &object, const char *key)
{
    return object.value(QLatin1String(key)).toString().toUtf8();
}

} // namespace

QByteArray ModerationMessage::toJson() const
{
    QJsonObject object{{QStringLiteral("type"), QLatin1String(kKinds[size_t(kind)])},
                       {QStringLiteral("node"), QString::fromUtf8(node.value())},
                       {QStringLiteral("userId"), QString::fromUtf8(user.value())}};
    if (kind == Kind::Block) {
        object.insert(QStringLiteral("blockedUserId"), QString::fromUtf8(blocked.value()));
        object.insert(QStringLiteral("isBlocked"), isBlocked);
    } else {
        object.insert(QStringLiteral("roomId"), QString::fromUtf8(room.value()));
        object.insert(QStringLiteral("untilMs"), untilMs);
        object.insert(QStringLiteral("reason"), QString::fromUtf8(reason));
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

std::optional<ModerationMessage> ModerationMessage::parse(const QByteArray &json)
{
    if (json.size() > kLongestMessage)
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const QByteArray type = textOf(object, "type");
    const auto kind = std::find(kKinds.begin(), kKinds.end(), type);
    ModerationMessage message;
    message.node = NodeId(textOf(object, "node"));
    message.user = UserId(textOf(object, "userId"));
    if (kind == kKinds.end() || !isValidId(message.user.value()))
        return std::nullopt;
    message.kind = Kind(kind - kKinds.begin());
    if (message.kind == Kind::Block) {
        message.blocked = UserId(textOf(object, "blockedUserId"));
        message.isBlocked = object.value(QLatin1String("isBlocked")).toBool();
        if (!isValidId(message.blocked.value()))
            return std::nullopt;
        return message;
    }
    message.room = RoomId(textOf(object, "roomId"));
    message.untilMs = object.value(QLatin1String("untilMs")).toInteger();
    message.reason = textOf(object, "reason");
    if (!isValidId(message.room.value(), kMaxPageIdBytes))
        return std::nullopt;
    return message;
}

} // namespace Rollcall::Moderation

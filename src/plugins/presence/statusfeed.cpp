// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/statusfeed.h"

#include "core/redis/redissubscriber.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace Rollcall::Presence {

namespace {

// Whoever can publish here can do worse; this is against accidents.
constexpr qsizetype kLongestMessage = 4096;
constexpr qsizetype kLongestUserId = 512;

} // namespace

StatusFeed::StatusFeed(StoreContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
{ }

void StatusFeed::start()
{
    const PresenceKeys &keys = m_context.keys;
    for (const QByteArray &channel : {keys.online(), keys.offlineEvents(), keys.updateEvents()}) {
        m_context.redis.subscriber()->subscribe(
            channel, this,
            [this](const QByteArray &, const QByteArray &message) { handleMessage(message); });
    }
}

void StatusFeed::handleMessage(const QByteArray &message)
{
    if (message.size() > kLongestMessage)
        return;
    const QJsonObject object = QJsonDocument::fromJson(message).object();
    const UserId user(object.value(QLatin1String("userId")).toString().toUtf8());
    if (user.isNull() || user.value().size() > kLongestUserId)
        return;
    const QString status = object.value(QLatin1String("status")).toString();
    if (status == QLatin1String("online") || status == QLatin1String("away"))
        Q_EMIT reported(user, true);
    else if (status == QLatin1String("offline"))
        Q_EMIT reported(user, false);
}

} // namespace Rollcall::Presence

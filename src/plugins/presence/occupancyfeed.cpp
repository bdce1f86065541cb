// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/occupancyfeed.h"

#include "core/redis/redisclient.h"
#include "core/redis/redissubscriber.h"

namespace Rollcall::Presence {

OccupancyFeed::OccupancyFeed(StoreContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_timer(context.clock.createTimer([this] { flush(); }))
{ }

void OccupancyFeed::start()
{
    m_context.redis.subscriber()->subscribe(
        m_context.keys.occupancyEvents(), this,
        [this](const QByteArray &, const QByteArray &message) { handleMessage(message); });
}

void OccupancyFeed::stop()
{
    m_timer->stop();
    m_counts.clear();
}

void OccupancyFeed::tell(const RoomId &room, int users)
{
    m_counts[room] = users;
    if (!m_timer->isActive())
        m_timer->startOnce(m_context.config.occupancyInterval);
}

void OccupancyFeed::flush()
{
    QByteArray message = m_context.keys.node().value();
    for (const auto &[room, users] : std::exchange(m_counts, {}))
        message += '\n' + room.value() + '\n' + QByteArray::number(users);
    m_context.client().send({"PUBLISH", m_context.keys.occupancyEvents(), message});
}

void OccupancyFeed::handleMessage(const QByteArray &message)
{
    const QList<QByteArray> lines = message.split('\n');
    if (lines.front() == m_context.keys.node().value())
        return;
    for (qsizetype i = 1; i + 1 < lines.size(); i += 2) {
        bool isNumber = false;
        const int users = lines[i + 1].toInt(&isNumber);
        if (isNumber && users >= 0 && !lines[i].isEmpty())
            Q_EMIT reported(RoomId(lines[i]), users);
    }
}

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisloopback_p.h"

#include "core/redis/redisclient.h"
#include "core/redis/redissubscriber.h"

namespace Rollcall {

RedisLoopback::RedisLoopback(RedisClient &client, RedisSubscriber &subscriber, Clock &clock,
                             const QByteArray &channel, std::chrono::milliseconds after,
                             std::chrono::milliseconds deadline, QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_subscriber(subscriber)
    , m_clock(clock)
    , m_channel(channel)
    , m_after(after)
    , m_deadline(deadline)
    , m_timer(clock.createTimer([this] { check(); }))
{
    // The subscriber notes when any message came; that is all there is to know.
    m_subscriber.subscribe(channel, this, [](const QByteArray &, const QByteArray &) {});
}

void RedisLoopback::start()
{
    m_isWaiting = false;
    m_timer->startOnce(m_after);
}

void RedisLoopback::stop() { m_timer->stop(); }

void RedisLoopback::check()
{
    const auto last = m_subscriber.lastMessageAt();
    const auto silence = std::chrono::floor<std::chrono::milliseconds>(m_clock.now() - last);
    if (m_isWaiting && last < m_publishedAt) {
        m_isWaiting = false;
        m_subscriber.reconnect(QStringLiteral("an own message did not come back within %1 ms")
                                   .arg(m_deadline.count()));
        return;
    }
    m_isWaiting = silence >= m_after;
    if (!m_isWaiting) {
        m_timer->startOnce(m_after - silence);
        return;
    }
    m_publishedAt = m_clock.now();
    m_client.send({"PUBLISH", m_channel, "loopback"});
    m_timer->startOnce(m_deadline);
}

} // namespace Rollcall

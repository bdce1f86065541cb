// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"

#include <QObject>

namespace Rollcall {

class RedisClient;
class RedisSubscriber;

/// Proves that what is published arrives: after a silence it publishes to itself, and has the
/// subscriptions made anew when that does not come back.
class RedisLoopback : public QObject
{
    Q_OBJECT
public:
    RedisLoopback(RedisClient &client, RedisSubscriber &subscriber, Clock &clock,
                  const QByteArray &channel, std::chrono::milliseconds after,
                  std::chrono::milliseconds deadline, QObject *parent = nullptr);

    /// While both connections are up.
    void start();
    void stop();

private:
    void check();

    RedisClient &m_client;
    RedisSubscriber &m_subscriber;
    Clock &m_clock;
    const QByteArray m_channel;
    const std::chrono::milliseconds m_after;
    const std::chrono::milliseconds m_deadline;
    std::unique_ptr<ClockTimer> m_timer;
    bool m_isWaiting = false; // for the own message
    Clock::SteadyTime m_publishedAt;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redissubscriber.h"

#include "core/redis/redissubscriber_p.h"

namespace Rollcall {

RedisSubscriber::RedisSubscriber(const RedisOptions &options, Clock &clock, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, options, clock))
{ }

RedisSubscriber::~RedisSubscriber() = default;

void RedisSubscriber::start() { d->connection.start(); }

void RedisSubscriber::stop()
{
    d->connection.stop();
    d->forgetConnection();
}

void RedisSubscriber::reconnect(const QString &reason) { d->connection.drop(reason); }

bool RedisSubscriber::isUp() const { return d->isUp; }

QString RedisSubscriber::downReason() const
{
    if (d->isUp)
        return {};
    return d->connection.isReady() ? QStringLiteral("subscriptions are not confirmed yet")
                                   : d->connection.reason();
}

void RedisSubscriber::subscribe(const QByteArray &channel, QObject *context, MessageHandler handler,
                                std::function<void()> confirmed)
{
    d->subscribe(channel, context, std::move(handler), std::move(confirmed));
}

void RedisSubscriber::unsubscribe(const QByteArray &channel, QObject *context)
{
    d->unsubscribe(channel, context);
}

Clock::SteadyTime RedisSubscriber::lastMessageAt() const { return d->lastMessageAt; }

quint64 RedisSubscriber::connects() const { return d->connects; }

} // namespace Rollcall

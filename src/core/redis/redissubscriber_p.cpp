// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redissubscriber_p.h"

#include <algorithm>

namespace Rollcall {

namespace {

/// Subscribing 100,000 rooms again must not be one command of megabytes.
constexpr size_t kChannelsPerCommand = 500;

} // namespace

RedisSubscriber::Private::Private(RedisSubscriber &subscriber, const RedisOptions &options,
                                  Clock &clock_)
    : q(subscriber)
    , clock(clock_)
    , connection(options, clock_, *this, QStringLiteral("subscriptions"))
    , lastMessageAt(clock_.now())
    , m_confirmTimer(clock_.createTimer(
          [this] { connection.drop(QStringLiteral("subscriptions are not confirmed")); }))
{ }

void RedisSubscriber::Private::subscribe(const QByteArray &name, QObject *context,
                                         MessageHandler handler, std::function<void()> confirmed)
{
    Q_ASSERT(context);
    if (!m_contexts.contains(context))
        QObject::connect(context, &QObject::destroyed, &q,
                         [this, context] { forgetContext(context); });
    m_contexts[context].insert(name);

    Channel &channel = m_channels[name];
    const bool wasWanted = channel.isWanted();
    const auto listener =
        std::make_shared<Listener>(Listener{context, std::move(handler), std::move(confirmed)});
    const auto known = std::ranges::find(
        channel.listeners, context, [](const ListenerPointer &other) { return other->context; });
    if (known == channel.listeners.end()) {
        channel.listeners.push_back(listener);
    } else {
        (*known)->isActive = false;
        *known = listener;
    }
    if (channel.isConfirmed)
        confirmLater(name);
    else if (!wasWanted && connection.isReady())
        request("SUBSCRIBE", std::span(&name, 1));
}

void RedisSubscriber::Private::unsubscribe(const QByteArray &name, QObject *context)
{
    const auto known = m_contexts.find(context);
    if (known == m_contexts.end() || !known->remove(name))
        return;
    if (known->isEmpty()) {
        m_contexts.erase(known);
        QObject::disconnect(context, &QObject::destroyed, &q, nullptr);
    }
    leave(name, context);
}

void RedisSubscriber::Private::forgetContext(QObject *context)
{
    const QSet<QByteArray> names = m_contexts.take(context);
    for (const QByteArray &name : names)
        leave(name, context);
}

void RedisSubscriber::Private::leave(const QByteArray &name, QObject *context)
{
    const auto channel = m_channels.find(name);
    if (channel == m_channels.end())
        return;
    std::erase_if(channel->listeners, [context](const ListenerPointer &listener) {
        if (listener->context != context)
            return false;
        listener->isActive = false;
        return true;
    });
    if (channel->isWanted())
        return;
    channel->isConfirmed = false;
    if (connection.isReady())
        request("UNSUBSCRIBE", std::span(&name, 1));
    else
        m_channels.erase(channel);
}

void RedisSubscriber::Private::request(QByteArrayView command, std::span<const QByteArray> names)
{
    while (!names.empty()) {
        const auto batch = names.first(std::min(names.size(), kChannelsPerCommand));
        names = names.subspan(batch.size());
        std::vector<QByteArrayView> arguments{command};
        for (const QByteArray &name : batch) {
            arguments.push_back(name);
            ++m_channels[name].unanswered;
            ++m_unanswered;
        }
        connection.append(arguments);
    }
    if (m_unanswered > 0 && !m_confirmTimer->isActive())
        m_confirmTimer->startOnce(connection.options().commandDeadline);
}

void RedisSubscriber::Private::handleReady()
{
    std::vector<QByteArray> names;
    names.reserve(size_t(m_channels.size()));
    for (auto it = m_channels.cbegin(); it != m_channels.cend(); ++it)
        names.push_back(it.key());
    request("SUBSCRIBE", names);
    becomeUpWhenConfirmed();
}

void RedisSubscriber::Private::becomeUpWhenConfirmed()
{
    if (isUp || m_unanswered > 0)
        return;
    isUp = true;
    ++connects;
    lastMessageAt = clock.now();
    Q_EMIT q.up();
}

void RedisSubscriber::Private::handleReply(RedisReply &&reply)
{
    using Type = RedisReply::Type;
    const auto &elements = reply.elements;
    const QByteArrayView kind =
        elements.empty() ? QByteArrayView() : QByteArrayView(elements[0].text);
    if (reply.type == Type::Array && elements.size() == 3 && kind == "message") {
        lastMessageAt = clock.now();
        dispatch(elements[1].text, elements[2].text);
    } else if (reply.type == Type::Array && elements.size() == 3
               && (kind == "subscribe" || kind == "unsubscribe")) {
        confirm(elements[1].text);
    } else if ((reply.type == Type::Array && kind == "pong") || reply.text == "PONG") {
        connection.pingAnswered();
    } else if (reply.type == Type::Error) {
        // The connection itself deals with READONLY and the like; what is left is a missing
        // permission.
        connection.drop(QString::fromUtf8(reply.text.left(200)), RedisConnection::Retry::Slowly);
    } else {
        connection.drop(QStringLiteral("not the Redis protocol: an answer nobody asked for"));
    }
}

void RedisSubscriber::Private::confirm(const QByteArray &name)
{
    const auto channel = m_channels.find(name);
    if (channel == m_channels.end() || channel->unanswered == 0)
        return;
    --channel->unanswered;
    --m_unanswered;
    m_confirmTimer->stop();
    if (m_unanswered > 0)
        m_confirmTimer->startOnce(connection.options().commandDeadline);
    // Not the last answer: it is about a subscription that was given up or renewed meanwhile.
    const QPointer<RedisSubscriber> self(&q);
    if (channel->unanswered == 0) {
        if (channel->isWanted()) {
            channel->isConfirmed = true;
            runConfirmed(name);
        } else {
            m_channels.erase(channel);
        }
    }
    if (self && connection.isReady())
        becomeUpWhenConfirmed();
}

void RedisSubscriber::Private::confirmLater(const QByteArray &name)
{
    QMetaObject::invokeMethod(
        &q, [this, name] { runConfirmed(name); }, Qt::QueuedConnection);
}

void RedisSubscriber::Private::runConfirmed(const QByteArray &name)
{
    const auto channel = m_channels.constFind(name);
    if (channel == m_channels.cend() || !channel->isConfirmed)
        return; // lost meanwhile: the next confirmation runs them
    const auto listeners = channel->listeners;
    for (const ListenerPointer &listener : listeners) {
        if (listener->isActive && listener->confirmed)
            std::exchange(listener->confirmed, {})();
    }
}

void RedisSubscriber::Private::dispatch(const QByteArray &name, const QByteArray &message)
{
    const auto channel = m_channels.constFind(name);
    if (channel == m_channels.cend())
        return;
    const auto listeners = channel->listeners;
    for (const ListenerPointer &listener : listeners) {
        if (listener->isActive)
            listener->handler(name, message);
    }
}

void RedisSubscriber::Private::handlePingDue()
{
    const QByteArrayView ping = "PING";
    connection.append(std::span(&ping, 1));
}

void RedisSubscriber::Private::forgetConnection()
{
    m_confirmTimer->stop();
    m_unanswered = 0;
    for (auto it = m_channels.begin(); it != m_channels.end();) {
        it->unanswered = 0;
        it->isConfirmed = false;
        it = it->isWanted() ? std::next(it) : m_channels.erase(it);
    }
    isUp = false;
}

void RedisSubscriber::Private::handleLost(const QString &reason)
{
    const bool wasUp = isUp;
    forgetConnection();
    if (wasUp)
        Q_EMIT q.down(reason);
}

} // namespace Rollcall

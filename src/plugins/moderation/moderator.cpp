// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/moderation/moderator.h"

#include "core/redis/redisclient.h"
#include "core/redis/rediskeys.h"
#include "core/redis/redissubscriber.h"
#include "core/services/presenceservice.h"
#include "core/services/redisservice.h"
#include "plugins/moderation/moderationconfig.h"

#include <QLoggingCategory>
#include <QPointer>

#include <limits>
#include <utility>

namespace Rollcall::Moderation {

namespace {

Q_LOGGING_CATEGORY(lcModeration, "rollcall.plugin.moderation")

constexpr qint64 kForeverMs = 253'402'300'799'000; // the end of the year 9999

const char *nameOf(ModerationMessage::Kind kind)
{
    static constexpr const char *kNames[] = {"kick", "ban", "mute", "block"};
    return kNames[size_t(kind)];
}

Error unavailable(const char *why) { return {ErrorCode::Unavailable, QLatin1String(why), {}}; }

} // namespace

Moderator::Moderator(const ModerationConfig &config, PresenceService &presence, RedisService *redis,
                     Clock &clock, Metrics &metrics, NodeId node, QObject *parent)
    : ModerationService(parent)
    , m_config(config)
    , m_presence(presence)
    , m_redis(redis && redis->isConfigured() ? redis : nullptr)
    , m_clock(clock)
    , m_metrics(metrics)
    , m_node(std::move(node))
    , m_blocklists(redis)
{
    connect(&m_blocklists, &Blocklists::changed, this, &Moderator::blocksChanged);
}

Moderator::~Moderator() = default;

qint64 Moderator::nowMs() const
{
    // All nodes mean the same moment, whatever their clocks say.
    return m_clock.wallMs() + (m_redis ? m_redis->clockOffsetMs() : 0);
}

bool Moderator::isUp() const { return m_redis && m_redis->isUp(); }

bool Moderator::isBanned(const RoomId &room, const UserId &user) const
{
    return m_bans.holds(room, user, nowMs());
}

bool Moderator::isMuted(const RoomId &room, const UserId &user) const
{
    return m_mutes.holds(room, user, nowMs());
}

void Moderator::watchBlocks(const UserId &user, QObject *context, std::function<void()> done)
{
    m_blocklists.watch(user, context, std::move(done));
}

void Moderator::ban(const Sanction &how, QObject *context, Done done)
{
    sanction(Kind::Ban, how, context, std::move(done));
}

void Moderator::mute(const Sanction &how, QObject *context, Done done)
{
    sanction(Kind::Mute, how, context, std::move(done));
}

void Moderator::kick(const Sanction &how, QObject *context, Done done)
{
    sanction(Kind::Kick, how, context, std::move(done));
}

void Moderator::sanction(Kind kind, const Sanction &how, QObject *context, Done done)
{
    if (isShared() && !isUp()) {
        if (done)
            done(unavailable("Redis does not answer"));
        return;
    }
    ModerationMessage message{.kind = kind, .node = m_node, .room = how.room, .user = how.user};
    message.reason = how.reason;
    if (how.duration == Sanction::kForever)
        message.untilMs = kForeverMs;
    else if (how.duration.count() > 0)
        message.untilMs = std::min(kForeverMs, nowMs() + how.duration.count());
    qCInfo(lcModeration).nospace()
        << nameOf(kind) << " user=" << how.user.value() << " room=" << how.room.value()
        << " untilMs=" << message.untilMs;
    m_metrics
        .counter("moderation_actions_total", "What operators of this node have decided",
                 {{"action", nameOf(kind)}})
        .Increment();
    // Before presence tells the other nodes that the user is out, so that they know why.
    if (isShared())
        write(message, context, done);
    apply(message);
    if (kind == Kind::Kick || (kind == Kind::Ban && message.untilMs > 0))
        evict(message.room, message.user);
    if (!isShared() && done)
        done({});
}

/// Also of those who have lost their connection, or hold one elsewhere.
void Moderator::evict(const RoomId &room, const UserId &user)
{
    if (room.value() != "*")
        return m_presence.evict(room, user, LeaveReason::Kicked);
    for (const RoomOccupancy &each : m_presence.occupancies()) {
        if (m_presence.containsUser(each.room, user))
            m_presence.evict(each.room, user, LeaveReason::Kicked);
    }
}

void Moderator::setBlocked(const UserId &user, const UserId &blocked, bool isBlocked,
                           QObject *context, Done done)
{
    const ModerationMessage message{.kind = Kind::Block,
                                    .node = m_node,
                                    .user = user,
                                    .blocked = blocked,
                                    .isBlocked = isBlocked};
    if (!isShared()) {
        const QSet<UserId> now = m_blocklists.of(user);
        const bool isFull =
            isBlocked && !now.contains(blocked) && now.size() >= m_config.maxBlocked;
        if (!isFull)
            apply(message);
        if (done)
            done(isFull ? Result<void>(Error{ErrorCode::Conflict, {}, {}}) : Result<void>());
        return;
    }
    if (!isUp()) {
        if (done)
            done(unavailable("Redis does not answer"));
        return;
    }
    if (!isBlocked) {
        m_redis->client()->send({"SREM", m_blocklists.key(user), blocked.value()});
        publish(message, context, std::move(done));
        return apply(message);
    }
    m_redis->client()->command(
        {"SCARD", m_blocklists.key(user)}, this,
        [this, message, context = QPointer<QObject>(context),
         done = std::move(done)](const RedisReply &reply) {
            if (!context)
                return;
            if (reply.type != RedisReply::Type::Integer) {
                if (done)
                    done(unavailable("SCARD was not answered"));
            } else if (reply.integer >= m_config.maxBlocked) {
                if (done)
                    done(Error{ErrorCode::Conflict,
                               {},
                               QStringLiteral("At most %1 users can be blocked")
                                   .arg(m_config.maxBlocked)});
            } else {
                m_redis->client()->send(
                    {"SADD", m_blocklists.key(message.user), message.blocked.value()});
                publish(message, context, done);
                apply(message);
            }
        },
        m_redis->requestDeadline());
}

void Moderator::readBlocks(const UserId &user, QObject *context,
                           std::function<void(const Result<QSet<UserId>> &)> done)
{
    if (!isShared())
        return done(m_blocklists.of(user));
    m_redis->client()->command(
        {"SMEMBERS", m_blocklists.key(user)}, context,
        [done = std::move(done)](const RedisReply &reply) {
            if (!reply.isArray())
                return done(unavailable("SMEMBERS was not answered"));
            QSet<UserId> blocked;
            for (const RedisReply &element : reply.elements)
                blocked.insert(UserId(element.text));
            done(blocked);
        },
        m_redis->requestDeadline());
}

QByteArray Moderator::verdictKey(Kind kind, const RoomId &room) const
{
    return (kind == Kind::Ban ? "bans:" : "mutes:") + encodeKeyPart(room.value());
}

void Moderator::write(const ModerationMessage &message, QObject *context, Done done)
{
    if (message.kind != Kind::Kick) {
        const QByteArray name = verdictKey(message.kind, message.room);
        const QByteArray key = m_redis->key(name);
        RedisClient &client = *m_redis->client();
        client.send({"ZREMRANGEBYSCORE", key, "-inf", QByteArray::number(nowMs())});
        if (message.untilMs > 0) {
            client.send({"ZADD", key, QByteArray::number(message.untilMs), message.user.value()});
            client.send({"SADD", m_redis->key("moderation:rooms"), name});
        } else {
            client.send({"ZREM", key, message.user.value()});
        }
    }
    publish(message, context, std::move(done));
}

void Moderator::publish(const ModerationMessage &message, QObject *context, Done done)
{
    m_redis->client()->command({"PUBLISH", m_redis->key("moderation:events"), message.toJson()},
                               context, [done = std::move(done)](const RedisReply &reply) {
                                   if (!done)
                                       return;
                                   if (reply.isOk())
                                       done({});
                                   else
                                       done(unavailable("PUBLISH was not answered"));
                               });
}

void Moderator::handleMessage(const QByteArray &json)
{
    const auto message = ModerationMessage::parse(json);
    if (!message) {
        qCInfo(lcModeration, "a message on moderation:events makes no sense and is ignored");
        return;
    }
    if (message->node == m_node)
        return; // this node knows already
    apply(*message);
}

void Moderator::apply(const ModerationMessage &message)
{
    if (message.kind == Kind::Block)
        return m_blocklists.apply(message.user, message.blocked, message.isBlocked);
    if (m_loading)
        m_loading->meanwhile.push_back(message);
    if (message.kind == Kind::Ban)
        m_bans.set(message.room, message.user, message.untilMs, nowMs());
    else if (message.kind == Kind::Mute)
        m_mutes.set(message.room, message.user, message.untilMs, nowMs());
    enforce(message);
}

void Moderator::enforce(const ModerationMessage &message)
{
    const bool isOn = message.untilMs > nowMs();
    if (message.kind == Kind::Kick)
        Q_EMIT userKicked(message.room, message.user, message.reason);
    else if (message.kind == Kind::Ban && isOn)
        Q_EMIT userBanned(message.room, message.user, message.reason);
    else if (message.kind == Kind::Mute && isOn)
        Q_EMIT userMuted(message.room, message.user, message.reason);
}

} // namespace Rollcall::Moderation

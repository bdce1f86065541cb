// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/redisseatstore.h"

#include "core/redis/redisclient.h"
#include "core/redis/rediskeys.h"
#include "core/redis/redissubscriber.h"
#include "core/services/redisservice.h"
#include "plugins/rooms/memoryseatstore.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLoggingCategory>
#include <QPointer>

#include <array>
#include <optional>

#include "reserve.lua.h"

namespace Rollcall::Rooms {

namespace {

Q_LOGGING_CATEGORY(logSeats, "rollcall.plugin.rooms", QtInfoMsg)

QByteArray membersKey(const RedisService &redis, const RoomId &room)
{
    return redis.key(QByteArray("presence:page:" + encodeKeyPart(room.value())));
}

QByteArray reservedKey(const RedisService &redis, const RoomId &room)
{
    return redis.key(QByteArray("room:" + encodeKeyPart(room.value()) + ":reserved"));
}

/// [room, user, how long the seat is held in ms; 0: given back].
QByteArray newsOf(const RoomId &room, const UserId &user, std::chrono::milliseconds duration)
{
    const QJsonArray news{QString::fromUtf8(room.value()), QString::fromUtf8(user.value()),
                          qint64(duration.count())};
    return QJsonDocument(news).toJson(QJsonDocument::Compact);
}

std::optional<SeatDecision> decisionOf(const RedisReply &reply)
{
    if (!reply.isArray() || reply.elements.empty()
        || reply.elements[0].type != RedisReply::Type::Integer)
        return std::nullopt;
    switch (reply.elements[0].integer) {
    case 0:
        return SeatDecision::Full;
    case 1:
        return SeatDecision::Held;
    case 2:
        return SeatDecision::Member;
    default:
        return std::nullopt;
    }
}

Error unavailable(const QString &why) { return {ErrorCode::Unavailable, why, {}}; }

} // namespace

RedisSeatStore::RedisSeatStore(RedisService &redis, Clock &clock, MemorySeatStore &mirror,
                               QObject *parent)
    : QObject(parent)
    , m_redis(redis)
    , m_clock(clock)
    , m_mirror(mirror)
    , m_reserve(QByteArray(kReserveScript))
    , m_channel(redis.key("rooms:reservations"))
{
    redis.subscriber()->subscribe(
        m_channel, this,
        [this](const QByteArray &, const QByteArray &message) { handleNews(message); });
}

RedisSeatStore::~RedisSeatStore() = default;

void RedisSeatStore::reserve(const RoomId &room, int capacity, const UserId &user,
                             std::chrono::milliseconds duration, QObject *context, Callback done)
{
    if (!m_redis.isUp()) {
        done(unavailable(QStringLiteral("Redis is down: ") + m_redis.downReason()));
        return;
    }
    const QByteArray members = membersKey(m_redis, room);
    const QByteArray reserved = reservedKey(m_redis, room);
    const QByteArray name = memberName(user);
    const QByteArray seats = QByteArray::number(capacity);
    const QByteArray now = QByteArray::number(m_clock.wallMs() + m_redis.clockOffsetMs());
    const QByteArray held = QByteArray::number(qint64(duration.count()));
    const QByteArray news = newsOf(room, user, duration);
    const std::array<QByteArrayView, 2> keys{members, reserved};
    const std::array<QByteArrayView, 6> arguments{name, seats, now, held, m_channel, news};
    auto handle = [mirror = QPointer(&m_mirror), room, user, duration, reserved,
                   done = std::move(done)](const RedisReply &reply) {
        const auto decision = decisionOf(reply);
        if (!decision) {
            if (reply.type == RedisReply::Type::Error)
                qCWarning(logSeats, "no seat decided with %s: %s", reserved.constData(),
                          reply.text.constData());
            done(unavailable(QString::fromUtf8(reply.text)));
            return;
        }
        if (mirror && *decision == SeatDecision::Held)
            mirror->hold(room, user, duration);
        done(*decision);
    };
    m_redis.client()->evaluate(m_reserve, keys, arguments, context, std::move(handle),
                               m_redis.requestDeadline());
}

void RedisSeatStore::release(const RoomId &room, const UserId &user)
{
    m_mirror.release(room, user);
    if (!m_redis.isUp())
        return;
    const QByteArray reserved = reservedKey(m_redis, room);
    const QByteArray name = memberName(user);
    const QByteArray news = newsOf(room, user, std::chrono::milliseconds(0));
    // Plain commands, not a script: whoever reserves next on this connection finds the seat free.
    m_redis.client()->send({"ZREM", reserved, name});
    m_redis.client()->send({"PUBLISH", m_channel, news});
}

void RedisSeatStore::handleNews(const QByteArray &message)
{
    const QJsonArray news = QJsonDocument::fromJson(message).array();
    const RoomId room(news.at(0).toString().toUtf8());
    const UserId user(news.at(1).toString().toUtf8());
    const std::chrono::milliseconds duration(news.at(2).toInteger());
    if (room.isNull() || user.isNull() || duration < std::chrono::milliseconds(0)
        || duration > std::chrono::hours(1)) {
        qCInfo(logSeats, "not a message of ours on %s", m_channel.constData());
        return;
    }
    if (duration.count() > 0)
        m_mirror.hold(room, user, duration);
    else
        m_mirror.release(room, user);
}

} // namespace Rollcall::Rooms

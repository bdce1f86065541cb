// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/redistransformstore.h"

#include "core/protocol/roomsencoder.h"
#include "core/protocol/wireid.h"
#include "core/redis/redisclient.h"
#include "core/redis/rediskeys.h"
#include "core/services/redisservice.h"

#include <utility>

namespace Rollcall::Realtime {

namespace {

using namespace std::chrono_literals;

constexpr QByteArrayView kLifetime = "60"; // seconds
constexpr auto kRefresh = 25s; // twice in a lifetime

} // namespace

TransformStore::~TransformStore() = default;

RedisTransformStore::RedisTransformStore(RedisService &redis, Clock &clock,
                                         std::chrono::milliseconds interval)
    : m_redis(redis)
    , m_clock(clock)
    , m_interval(interval)
    , m_timer(clock.createTimer([this] { flush(); }))
{ }

QByteArray RedisTransformStore::key(const RoomId &room) const
{
    return m_redis.key("room:" + encodeKeyPart(room.value()) + ":transforms");
}

bool RedisTransformStore::isUp() const { return m_redis.isUp() && m_redis.client(); }

void RedisTransformStore::noteMoved(const RoomId &room, const UserId &user,
                                    const Transform &transform)
{
    if (!m_redis.isConfigured())
        return;
    m_rooms[room].moved.insert_or_assign(user, transform);
    if (!m_timer->isActive())
        m_timer->startRepeating(m_interval);
}

void RedisTransformStore::forget(const RoomId &id, const UserId &user)
{
    const auto room = m_rooms.find(id);
    if (room == m_rooms.end())
        return;
    room->second.moved.erase(user);
    if (room->second.written.erase(user) > 0 && isUp())
        m_redis.client()->send({"HDEL", key(id), user.value()});
}

void RedisTransformStore::forgetRoom(const RoomId &room) { m_rooms.erase(room); }

void RedisTransformStore::flush()
{
    if (m_rooms.empty())
        m_timer->stop();
    if (!isUp())
        return;
    for (auto &[id, room] : m_rooms) {
        if (!room.moved.empty()) {
            write(id, room);
        } else if (m_clock.now() - room.refreshedAt >= kRefresh) {
            // Whoever stands still must still be found.
            room.refreshedAt = m_clock.now();
            m_redis.client()->send({"EXPIRE", key(id), kLifetime});
        }
    }
}

void RedisTransformStore::write(const RoomId &id, Room &room)
{
    const QByteArray name = key(id);
    std::vector<QByteArray> places;
    std::vector<QByteArrayView> command{"HSET", name};
    places.reserve(room.moved.size());
    for (const auto &[user, transform] : room.moved) {
        appendTransformObject(places.emplace_back(), transform);
        command.push_back(user.value());
        command.push_back(places.back());
        room.written.insert(user);
    }
    m_redis.client()->send(command);
    m_redis.client()->send({"EXPIRE", name, kLifetime});
    room.refreshedAt = m_clock.now();
    room.moved.clear();
}

void RedisTransformStore::read(const RoomId &room, QObject *context,
                               std::function<void(const Places &)> done)
{
    if (!isUp())
        return done({});
    // The reply comes while the plugin is there: `context` is of the plugin, as this store is.
    m_redis.client()->command(
        {"HGETALL", key(room)}, context,
        [this, done = std::move(done)](const RedisReply &reply) {
            Places places;
            for (size_t i = 0; i + 1 < reply.elements.size(); i += 2) {
                const QByteArray &user = reply.elements[i].text;
                if (const auto transform = m_decoder.decodeTransform(reply.elements[i + 1].text);
                    transform && isValidId(user)) {
                    places.emplace_back(UserId(user), *transform);
                }
            }
            done(places);
        },
        m_redis.requestDeadline());
}

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/roomstore.h"

#include "core/redis/redisclient.h"
#include "core/redis/redissubscriber.h"
#include "core/services/redisservice.h"
#include "plugins/rooms/roomdefinitionjson.h"

#include <QJsonDocument>
#include <QLoggingCategory>
#include <QPointer>

#include <algorithm>
#include <array>
#include <optional>

#include "define.lua.h"

namespace Rollcall::Rooms {

namespace {

Q_LOGGING_CATEGORY(logStore, "rollcall.plugin.rooms", QtInfoMsg)

constexpr qsizetype kMaxLoggedBytes = 128;
constexpr auto kSource = QLatin1String("source");
constexpr auto kClosed = QLatin1String("closed");
constexpr auto kConfiguration = QLatin1String("configuration");

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// Nothing for rooms of a configuration, and for what nobody can use.
std::optional<StoredRoom> storedRoomFrom(const QByteArray &id, const QByteArray &json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    if (object.value(kSource).toString() == kConfiguration)
        return std::nullopt;
    QStringList problems;
    RoomDefinition base;
    base.id = RoomId(id);
    StoredRoom room{roomFromJson(object, base, false, problems), object.value(kClosed).toBool()};
    room.definition.id = base.id;
    if (object.isEmpty() || !isValidRoomId(id) || !problems.isEmpty()) {
        qCWarning(logStore, "a field of rooms:directory is not a room and is ignored: %s %ls",
                  id.left(kMaxLoggedBytes).toPercentEncoding(" /").constData(),
                  qUtf16Printable(problems.join(QStringLiteral("; "))));
        return std::nullopt;
    }
    return room;
}

} // namespace

RoomStore::RoomStore(RedisService *redis, QObject *parent)
    : QObject(parent)
    , m_redis(redis && redis->isConfigured() ? redis : nullptr)
    , m_define(QByteArray(kDefineScript))
{
    if (m_redis) {
        m_key = m_redis->key("rooms:directory");
        m_channel = m_redis->key("rooms:directory");
    }
}

RoomStore::~RoomStore() = default;

bool RoomStore::isShared() const { return m_redis != nullptr; }

void RoomStore::start()
{
    if (!isShared())
        return;
    m_redis->subscriber()->subscribe(
        m_channel, this, [this](const QByteArray &, const QByteArray &id) { fetch(RoomId(id)); },
        [this] { load(); });
    // News sent while one of the two connections was lost have not been heard.
    connect(m_redis, &RedisService::up, this, &RoomStore::load);
    connect(m_redis->subscriber(), &RedisSubscriber::up, this, &RoomStore::load);
    load();
}

void RoomStore::setConfigured(const std::vector<ConfiguredRoom> &rooms)
{
    std::vector<std::pair<QByteArray, QByteArray>> configured;
    for (const ConfiguredRoom &room : rooms) {
        QJsonObject json = roomToJson(room.definition);
        json.insert(kSource, kConfiguration);
        configured.emplace_back(room.definition.id.value(), compact(json));
    }
    for (const auto &[id, json] : m_configured) {
        const bool isGone = std::none_of(configured.begin(), configured.end(),
                                         [&id = id](const auto &room) { return room.first == id; });
        if (isGone)
            configured.emplace_back(id, QByteArray());
    }
    m_configured = std::move(configured);
    defineConfigured();
}

void RoomStore::defineConfigured()
{
    if (!isShared() || !m_redis->isUp() || m_configured.empty())
        return;
    std::vector<QByteArrayView> arguments;
    for (const auto &[id, json] : m_configured) {
        arguments.push_back(id);
        arguments.push_back(json);
    }
    const std::array<QByteArrayView, 1> keys{m_key};
    m_redis->client()->evaluate(m_define, keys, arguments, this, [](const RedisReply &reply) {
        if (reply.type == RedisReply::Type::Error)
            qCWarning(logStore, "rooms:directory could not be written: %s", reply.text.constData());
    });
}

void RoomStore::load()
{
    if (!m_redis->isUp())
        return;
    defineConfigured();
    m_redis->client()->command({"HGETALL", m_key}, this, [this](const RedisReply &reply) {
        if (reply.type == RedisReply::Type::Failure)
            return; // comes again when Redis is back
        if (!reply.isArray()) {
            qCWarning(logStore, "rooms:directory could not be read: %s", reply.text.constData());
            return;
        }
        std::vector<StoredRoom> rooms;
        for (size_t i = 0; i + 1 < reply.elements.size(); i += 2) {
            if (auto room = storedRoomFrom(reply.elements[i].text, reply.elements[i + 1].text))
                rooms.push_back(std::move(*room));
        }
        Q_EMIT loaded(rooms);
    });
}

void RoomStore::fetch(const RoomId &room)
{
    if (!m_redis->isUp() || !isValidRoomId(room.value()))
        return;
    m_redis->client()->command(
        {"HGET", m_key, room.value()}, this, [this, room](const RedisReply &reply) {
            if (!reply.isOk())
                return; // load() follows when Redis is back
            const auto stored =
                reply.isNull() ? std::nullopt : storedRoomFrom(room.value(), reply.text);
            if (stored)
                Q_EMIT roomStored(*stored);
            else
                Q_EMIT roomRemoved(room);
        });
}

void RoomStore::put(const StoredRoom &room, QObject *context, Callback done)
{
    QJsonObject json = roomToJson(room.definition);
    json.insert(kSource, QLatin1String("operator"));
    if (room.isClosed)
        json.insert(kClosed, true);
    write(
        room.definition.id, compact(json), context, [this, room] { Q_EMIT roomStored(room); },
        std::move(done));
}

void RoomStore::remove(const RoomId &room, QObject *context, Callback done)
{
    write(
        room, {}, context, [this, room] { Q_EMIT roomRemoved(room); }, std::move(done));
}

void RoomStore::write(const RoomId &room, const QByteArray &json, QObject *context,
                      std::function<void()> apply, Callback done)
{
    if (!isShared()) {
        apply();
        done({});
        return;
    }
    if (!m_redis->isUp()) {
        done(Error{
            ErrorCode::Unavailable, QStringLiteral("Redis is down: ") + m_redis->downReason(), {}});
        return;
    }
    auto handle = [this, room, apply = std::move(apply), context = QPointer(context),
                   done = std::move(done)](const RedisReply &reply) {
        if (reply.isOk()) {
            m_redis->client()->send({"PUBLISH", m_channel, room.value()});
            apply();
        }
        if (!context)
            return;
        if (reply.isOk())
            done({});
        else
            done(Error{ErrorCode::Unavailable, QString::fromUtf8(reply.text), {}});
    };
    const QByteArray &id = room.value();
    if (json.isEmpty())
        m_redis->client()->command({"HDEL", m_key, id}, this, std::move(handle));
    else
        m_redis->client()->command({"HSET", m_key, id, json}, this, std::move(handle));
}

} // namespace Rollcall::Rooms

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/result.h"
#include "core/redis/redisscript.h"
#include "plugins/rooms/roomcatalog.h"

#include <QObject>

#include <functional>

namespace Rollcall {
struct RedisReply;
class RedisService;
} // namespace Rollcall

namespace Rollcall::Rooms {

/// What operators make of the rooms, shared by the nodes of one Redis (`rooms:directory`); without
/// Redis, of this node alone.
///
/// The configured rooms are written there too, for people who look, but never read: each node
/// believes its own configuration.
class RoomStore : public QObject
{
    Q_OBJECT
public:
    using Callback = std::function<void(const Result<void> &)>;

    /// `redis` is borrowed and may be null.
    explicit RoomStore(RedisService *redis, QObject *parent = nullptr);
    ~RoomStore() override;

    /// Begins to follow; loaded() is emitted at every connect.
    void start();
    void setConfigured(const std::vector<ConfiguredRoom> &rooms);

    /// Makes, changes or (isClosed) closes a room on all nodes. `done` runs once, perhaps at once,
    /// unless `context` died. Error: Unavailable.
    void put(const StoredRoom &room, QObject *context, Callback done);
    /// Forgets what was stored about the room.
    void remove(const RoomId &room, QObject *context, Callback done);

Q_SIGNALS:
    void loaded(const std::vector<Rollcall::Rooms::StoredRoom> &rooms);
    void roomStored(const Rollcall::Rooms::StoredRoom &room);
    void roomRemoved(const Rollcall::RoomId &room);

private:
    bool isShared() const;
    void load();
    void defineConfigured();
    void fetch(const RoomId &room);
    void write(const RoomId &room, const QByteArray &json, QObject *context,
               std::function<void()> apply, Callback done);

    RedisService *m_redis;
    RedisScript m_define;
    QByteArray m_key;
    QByteArray m_channel;
    std::vector<std::pair<QByteArray, QByteArray>>
        m_configured; // id, JSON; empty JSON: not any more
};

} // namespace Rollcall::Rooms

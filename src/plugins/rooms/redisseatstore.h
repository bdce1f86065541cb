// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/redis/redisscript.h"
#include "plugins/rooms/seatstore.h"

namespace Rollcall {
class RedisService;
}

namespace Rollcall::Rooms {

class MemorySeatStore;

/// Seats shared by all nodes: decided by the script RESERVE in Redis, which also tells every node,
/// so that `mirror` follows.
///
/// Unavailable while Redis is down or slower than `redis.requestDeadline`.
class RedisSeatStore : public QObject, public SeatStore
{
    Q_OBJECT
public:
    RedisSeatStore(RedisService &redis, Clock &clock, MemorySeatStore &mirror,
                   QObject *parent = nullptr);
    ~RedisSeatStore() override;

    void reserve(const RoomId &room, int capacity, const UserId &user,
                 std::chrono::milliseconds duration, QObject *context, Callback done) override;
    void release(const RoomId &room, const UserId &user) override;

private:
    void handleNews(const QByteArray &message);

    RedisService &m_redis;
    Clock &m_clock;
    MemorySeatStore &m_mirror;
    RedisScript m_reserve;
    QByteArray m_channel;
};

} // namespace Rollcall::Rooms

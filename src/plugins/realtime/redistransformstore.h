// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/protocol/relaydecoder.h"
#include "plugins/realtime/idmap.h"
#include "plugins/realtime/transformstore.h"

#include <QByteArray>

#include <memory>
#include <unordered_map>
#include <unordered_set>

namespace Rollcall {
class RedisService;
}

namespace Rollcall::Realtime {

/// room:<r>:transforms, a HASH of user id -> movement as JSON: written at most once per interval
/// and room, gone a minute after the last node that had someone there.
class RedisTransformStore final : public TransformStore
{
public:
    /// `redis` and `clock` are borrowed.
    RedisTransformStore(RedisService &redis, Clock &clock, std::chrono::milliseconds interval);

    void noteMoved(const RoomId &room, const UserId &user, const Transform &transform) override;
    void forget(const RoomId &room, const UserId &user) override;
    void forgetRoom(const RoomId &room) override;
    void read(const RoomId &room, QObject *context,
              std::function<void(const Places &)> done) override;

private:
    struct Room
    {
        IdMap<UserId, Transform> moved; ///< since it was last written
        std::unordered_set<UserId> written; ///< by this node, and still there
        Clock::SteadyTime refreshedAt;
    };

    QByteArray key(const RoomId &room) const;
    bool isUp() const;
    void flush();
    void write(const RoomId &id, Room &room);

    RedisService &m_redis;
    Clock &m_clock;
    std::chrono::milliseconds m_interval;
    RelayDecoder m_decoder;
    IdMap<RoomId, Room> m_rooms;
    std::unique_ptr<ClockTimer> m_timer;
};

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/redisclient.h"
#include "plugins/presence/presencestore.h"
#include "plugins/presence/storecontext.h"

#include <QSet>

namespace Rollcall::Presence {

class HeartbeatFlush;
class OccupancyFeed;
class RoomChannels;

/// Runs JOIN, LEAVE and GRACE, the first two again what Redis refused (out of memory, a key of
/// somebody else's).
class SeatWriter final : public QObject
{
    Q_OBJECT
public:
    SeatWriter(StoreContext &context, const SeatSource &source, RoomChannels &channels,
               HeartbeatFlush &flush, OccupancyFeed &occupancies, QObject *parent = nullptr);

    /// The reply is {first, users, nodes, came online} or an error.
    void join(const SeatRecord &seat, RedisCallback callback);
    /// The reply is {last, users, went offline} or an error.
    void leave(const RoomId &room, const UserId &user, LeaveReason reason, RedisCallback callback);
    /// Writes when the seat's grace ends, or that there is none.
    void noteGrace(const SeatRecord &seat);
    /// Takes out a seat that could be written in part only.
    void withdraw(const RoomId &room, const UserId &user);
    void start();
    void stop();

    /// LEAVE in the name of `keys.node()`, whichever node that is. `metaLife`: in seconds, of what
    /// is left of a user who goes offline; 0: nothing.
    static void runLeave(RedisClient &client, const PresenceKeys &keys, const RoomId &room,
                         const UserId &user, LeaveReason reason, qint64 metaLife, QObject *context,
                         RedisCallback callback);

private:
    void handleReply(const RoomId &room, const UserId &user, const RedisReply &reply,
                     const char *what, Clock::SteadyTime since);
    void retry();

    StoreContext &m_context;
    const SeatSource &m_source;
    RoomChannels &m_channels;
    HeartbeatFlush &m_flush;
    OccupancyFeed &m_occupancies;
    std::unique_ptr<ClockTimer> m_timer;
    QSet<std::pair<RoomId, UserId>> m_refused;
};

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/presence/heartbeatway.h"
#include "core/auth/jwttokenservice.h"
#include "core/base/clock.h"
#include "core/base/metrics.h"
#include "core/edge/edge.h"
#include "core/redis/redishub.h"
#include "plugins/presence/presenceengine.h"
#include "plugins/rooms/directory.h"
#include "plugins/rooms/listapi.h"
#include "plugins/rooms/roomboard.h"

namespace Rollcall::Bench {

/// A host without its realtime plugin, in real time: GET /rooms is answered from its own port, on
/// the event loop that also writes to Redis.
class ResyncNode final : public QObject
{
public:
    ResyncNode(const Crowd &crowd, const Presence::PresenceConfig &config);

    /// Everybody enters; returns when Redis knows.
    void populate();
    struct Took
    {
        /// From its first command to its last reply.
        std::chrono::duration<double> resync;
        /// From the new connection until the node knows that Redis holds all of it again, and has
        /// loaded its rooms.
        std::chrono::duration<double> untilFresh;
    };
    /// Connects anew to a Redis that has forgotten everything.
    Took resynchronize();
    /// Connections made and resyncs finished so far: each resynchronize() should be one of both.
    int connections() const;
    int resyncs() { return int(metric("presence_resync_seconds_count")); }
    quint16 port() const { return m_edge.port(); }

    TestRedis redis;

private:
    /// A node whose Redis was not there when it was made keeps everything in memory.
    struct Started
    {
        explicit Started(RedisHub &hub);
    };

    double metric(const QByteArray &name);

    Crowd m_crowd;
    SystemClock m_clock;
    Metrics m_metrics;
    RedisHub m_hub;
    Started m_started;
    JwtTokenService m_tokens;
    Edge m_edge;
    Presence::PresenceEngine m_engine;
    Rooms::Directory m_directory;
    Rooms::RoomBoard m_board;
    Rooms::ListApi m_listApi;
};

} // namespace Rollcall::Bench

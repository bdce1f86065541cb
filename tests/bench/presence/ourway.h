// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/presence/heartbeatway.h"
#include "core/base/manualclock.h"
#include "core/base/metrics.h"
#include "core/redis/redishub.h"
#include "plugins/presence/presenceengine.h"

#include <memory>

namespace Rollcall::Bench {

/// The presence plugin's own engine and store. Its clock is moved on by hand, a tick at a time, so
/// that a minute of heartbeats takes a second: flushes, leases, sweeps and reconciliation fall due
/// as often per heartbeat as they do in real time. The connection to Redis lives in real time.
class OurWay final : public HeartbeatWay
{
public:
    OurWay(const Crowd &crowd, const Presence::PresenceConfig &config, const QByteArray &name);
    QByteArray name() const override { return m_name; }
    void populate() override;
    /// A key's life is written anew at two thirds of it at the latest: whole cycles, or a round
    /// would depend on where it begins.
    int beatsPerRound() const override { return 4; }
    void tick(int first, int last) override;
    quint64 commands() const override;

private:
    void advance();

    Crowd m_crowd;
    QByteArray m_name;
    SystemClock m_systemClock;
    ManualClock m_clock;
    Metrics m_metrics;
    RedisHub m_hub;
    std::vector<RoomId> m_rooms;
    std::unique_ptr<Presence::PresenceEngine> m_engine;
};

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/presence/heartbeatway.h"
#include "core/base/manualclock.h"
#include "core/base/metrics.h"
#include "core/redis/redishub.h"
#include "plugins/presence/presenceengine.h"

#include <memory>
#include <optional>

namespace Rollcall::Bench {

/// The presence plugin's own engine and store. Its clock moves on by as much as the pacer says has
/// gone by, and stands still while the other ways have their turn. The connection to Redis lives in
/// real time.
class OurWay final : public HeartbeatWay
{
public:
    OurWay(const Crowd &crowd, const Presence::PresenceConfig &config, const QByteArray &name);
    QByteArray name() const override { return m_name; }
    void populate() override;
    void beat(int person) override;
    void pass(std::chrono::milliseconds time) override { m_clock.advance(time); }
    void finish() override;
    quint64 commands() const override;
    quint64 writes() const override;
    void check() override;

private:
    void enter(int person);

    Crowd m_crowd;
    QByteArray m_name;
    SystemClock m_systemClock;
    ManualClock m_clock;
    Metrics m_metrics;
    RedisHub m_hub;
    std::vector<RoomId> m_rooms;
    std::unique_ptr<Presence::PresenceEngine> m_engine;
    std::optional<double> m_recreated; // users whose key had vanished, at the last check
};

} // namespace Rollcall::Bench

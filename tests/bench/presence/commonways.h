// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/presence/heartbeatway.h"
#include "bench/presence/rawredis.h"
#include "core/base/clock.h"
#include "core/base/metrics.h"
#include "core/redis/redishub.h"
#include "core/redis/redisscript.h"

#include <QObject>

#include <memory>

namespace Rollcall::Bench {

/// As most servers do: every heartbeat is one command, written when it comes and waited for. At the
/// pace of real time: a command on its own has to wake Redis up.
class UnpipelinedWay final : public HeartbeatWay
{
public:
    explicit UnpipelinedWay(const Crowd &crowd);
    QByteArray name() const override { return "one unpipelined SET .. EX per heartbeat"; }
    int beatsPerRound() const override { return 1; }
    void populate() override;
    void tick(int first, int last) override;
    quint64 commands() const override { return m_commands; }

private:
    void write(int person);

    Crowd m_crowd;
    RawRedis m_connection;
    quint64 m_commands = 0;
};

/// Presence as the schema that most servers use: per room a hash of who is there and a sorted set
/// of deadlines, both written by a script with every heartbeat. Pipelined, on the same client as
/// ours.
class ScriptWay final : public HeartbeatWay
{
public:
    explicit ScriptWay(const Crowd &crowd);
    QByteArray name() const override { return "hash + zset in Lua per heartbeat, pipelined"; }
    int beatsPerRound() const override { return 2; }
    void populate() override;
    void tick(int first, int last) override;
    quint64 commands() const override;

private:
    Crowd m_crowd;
    SystemClock m_clock;
    Metrics m_metrics;
    QObject m_context;
    RedisHub m_hub;
    RedisScript m_script;
};

} // namespace Rollcall::Bench

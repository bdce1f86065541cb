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

#include <vector>

namespace Rollcall::Bench {

/// As most servers do: every heartbeat is one command, written when it comes and waited for.
class UnpipelinedWay final : public HeartbeatWay
{
public:
    explicit UnpipelinedWay(const Crowd &crowd);
    QByteArray name() const override { return "(a) one unpipelined SET .. EX per heartbeat"; }
    void populate() override;
    void beat(int person) override;
    quint64 commands() const override { return m_commands; }
    quint64 writes() const override { return m_commands; }
    void check() override;

private:
    Crowd m_crowd;
    RawRedis m_connection;
    quint64 m_commands = 0;
};

/// Presence as the schema that most servers use: per room a hash of who is there and a sorted set
/// of deadlines, both written by a script with every heartbeat. On the same client as ours.
class ScriptWay final : public HeartbeatWay
{
public:
    /// AsItComes: as asynchronous clients do, at the end of the loop turn in which the heartbeat
    /// came. Collected: all of 250 ms together.
    enum class Sending { AsItComes, Collected };

    ScriptWay(const Crowd &crowd, Sending sending);
    QByteArray name() const override;
    void populate() override;
    void beat(int person) override;
    void pass(std::chrono::milliseconds time) override;
    void finish() override;
    quint64 commands() const override;
    quint64 writes() const override;
    void check() override;

private:
    void write(int person);
    void writeCollected();

    Crowd m_crowd;
    Sending m_sending;
    SystemClock m_clock;
    Metrics m_metrics;
    QObject m_context;
    RedisHub m_hub;
    RedisScript m_script;
    std::vector<int> m_collected;
    std::chrono::milliseconds m_sinceWrite{0};
};

} // namespace Rollcall::Bench

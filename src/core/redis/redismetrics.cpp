// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redismetrics_p.h"

#include "core/redis/redisclient.h"
#include "core/redis/redishub.h"
#include "core/redis/redissubscriber.h"

#include <QPointer>

namespace Rollcall {

namespace {

/// The client keeps totals; a counter only takes what was added since.
void raiseTo(prometheus::Counter &counter, quint64 total)
{
    if (double(total) > counter.Value())
        counter.Increment(double(total) - counter.Value());
}

} // namespace

RedisMetrics::RedisMetrics(RedisHub &hub, Metrics &metrics)
    : m_hub(hub)
    , m_metrics(metrics)
{
    auto &roundTrips = metrics.histogram(
        "rollcall_redis_round_trip_seconds", "Time from PING to PONG",
        {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1});
    connect(hub.client(), &RedisClient::roundTripMeasured, this,
            [&roundTrips](std::chrono::microseconds time) {
                roundTrips.Observe(std::chrono::duration<double>(time).count());
            });
    // The Metrics outlive the hub.
    metrics.addCollector([self = QPointer(this)] {
        if (self)
            self->update();
    });
}

void RedisMetrics::update()
{
    const RedisClient &client = *m_hub.client();
    const RedisStatistics &statistics = client.statistics();
    const std::string connects = "rollcall_redis_connects_total";
    const std::string connectsHelp = "Connections that answered their first PING";
    raiseTo(m_metrics.counter(connects, connectsHelp, {{"connection", "commands"}}),
            statistics.connects);
    raiseTo(m_metrics.counter(connects, connectsHelp, {{"connection", "subscriptions"}}),
            m_hub.subscriber()->connects());
    raiseTo(m_metrics.counter("rollcall_redis_commands_total", "Commands sent"),
            statistics.commands);
    raiseTo(m_metrics.counter("rollcall_redis_writes_total", "System writes that carried them"),
            statistics.writes);
    raiseTo(m_metrics.counter("rollcall_redis_timeouts_total",
                              "Commands not answered before their deadline"),
            statistics.timeouts);
    raiseTo(m_metrics.counter(
                "rollcall_redis_failures_total",
                "Commands refused or lost: not connected, connection lost, too many in flight"),
            statistics.failures);
    raiseTo(m_metrics.counter("rollcall_redis_embedded_restarts_total",
                              "Deaths of the embedded redis-server"),
            m_hub.embeddedRestarts());
    for (const auto &[code, count] : statistics.errors) {
        raiseTo(m_metrics.counter("rollcall_redis_errors_total", "Errors Redis answered, by code",
                                  {{"code", code.toStdString()}}),
                count);
    }
    m_metrics.gauge("rollcall_redis_up", "1 while both connections answer")
        .Set(m_hub.isUp() ? 1 : 0);
    m_metrics.gauge("rollcall_redis_commands_in_flight", "Commands without an answer")
        .Set(double(client.commandsInFlight()));
    m_metrics
        .gauge("rollcall_redis_clock_offset_seconds",
               "Redis' clock minus this node's, at the last connect")
        .Set(double(m_hub.clockOffsetMs()) / 1000);
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/realtimemetrics.h"

#include "core/protocol/member.h"

#include <utility>

namespace Rollcall::Realtime {

namespace {

const std::vector<double> kFanOutBuckets{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                         0.01,   0.025,   0.05,   0.1,   0.25,   1};

struct CounterEntry
{
    const char *name;
    const char *help;
    Metrics::Labels labels;
    const quint64 *value;
};

std::vector<CounterEntry> counterEntries(const RealtimeMetrics::Counts &counts)
{
    const char *const dropped = "realtime_dropped_total";
    const char *const droppedHelp = "Messages of clients that were dropped, by reason";
    std::vector<CounterEntry> entries{
        {"realtime_frames_received_total",
         "Messages received from clients",
         {},
         &counts.framesReceived},
        {"realtime_frames_sent_total", "Messages sent to clients", {}, &counts.framesSent},
        {"realtime_received_bytes_total", "Bytes of messages received", {}, &counts.bytesReceived},
        {"realtime_sent_bytes_total", "Bytes of frames sent", {}, &counts.bytesSent},
        {"realtime_frames_encoded_total",
         "Messages encoded; sent by encoded is the fan-out",
         {},
         &counts.framesEncoded},
        {"realtime_movement_replaced_total",
         "Movement that a slow connection never got, newer took its place",
         {},
         &counts.movementReplaced},
        {"realtime_slow_closed_total",
         "Connections closed because they did not read",
         {},
         &counts.slowClosed},
        {"realtime_relayed_total", "Messages sent to other nodes", {}, &counts.relayed},
        {"realtime_relay_received_total",
         "Messages received from other nodes",
         {},
         &counts.relayReceived},
        {"realtime_relay_refused_total",
         "Messages of other nodes that made no sense",
         {},
         &counts.relayRefused},
        {"realtime_gaps_repaired_total",
         "Rooms shown anew to their members here after events of other nodes had got lost",
         {},
         &counts.gapsRepaired},
        {dropped, droppedHelp, {{"reason", "malformed"}}, &counts.malformed},
        {dropped, droppedHelp, {{"reason", "stale"}}, &counts.stale},
        {dropped, droppedHelp, {{"reason", "muted"}}, &counts.muted},
    };
    for (size_t i = 0; i < kRateKinds; ++i) {
        const QByteArrayView kind = rateKindName(RateKind(i));
        entries.push_back({dropped,
                           droppedHelp,
                           {{"reason", "rate_" + std::string(kind.data(), size_t(kind.size()))}},
                           &counts.rateDropped[i]});
    }
    return entries;
}

} // namespace

RealtimeMetrics::RealtimeMetrics(Metrics &metrics)
    : m_fanOut(metrics.histogram("realtime_fanout_seconds",
                                 "From the first message of a loop turn until what it caused is "
                                 "written to the sockets",
                                 kFanOutBuckets))
    , m_handshakes(metrics, "realtime_handshakes_total", "WebSocket handshakes by result", "result")
    , m_closes(metrics, "realtime_closed_total", "Connections that ended, by close code", "code")
    , m_joins(metrics, "realtime_joins_total", "join_room by result", "result")
    , m_counts(std::make_shared<Counts>())
{
    struct Collected
    {
        prometheus::Counter *counter;
        const quint64 *value;
        quint64 seen = 0;
    };
    std::vector<Collected> collected;
    for (const CounterEntry &entry : counterEntries(*m_counts))
        collected.push_back({&metrics.counter(entry.name, entry.help, entry.labels), entry.value});
    std::array<prometheus::Gauge *, 4> gauges{};
    for (size_t i = 0; i < gauges.size(); ++i) {
        gauges[i] = &metrics.gauge("realtime_connections", "Open WebSocket connections",
                                   {{"dialect", dialectName(Dialect(i)).data()}});
    }
    metrics.addCollector([counts = m_counts, collected, gauges]() mutable {
        for (Collected &entry : collected)
            entry.counter->Increment(
                double(*entry.value - std::exchange(entry.seen, *entry.value)));
        for (size_t i = 0; i < gauges.size(); ++i)
            gauges[i]->Set(double(counts->connections[i]));
    });
}

void RealtimeMetrics::observeFanOut(std::chrono::nanoseconds duration)
{
    m_fanOut.Observe(std::chrono::duration<double>(duration).count());
}

void RealtimeMetrics::countHandshake(const char *result) { m_handshakes.count(result); }

void RealtimeMetrics::countClose(CloseCode code)
{
    const bool isKnown =
        !closeReason(code).isEmpty() || code == CloseCode::NoStatus || code == CloseCode::Abnormal;
    m_closes.count(isKnown ? std::to_string(quint16(code)) : "other");
}

void RealtimeMetrics::countJoin(const char *result) { m_joins.count(result); }

} // namespace Rollcall::Realtime

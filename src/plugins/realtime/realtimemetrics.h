// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/labelledcounter.h"
#include "core/protocol/closecode.h"
#include "plugins/realtime/ratelimiter.h"

#include <array>
#include <chrono>
#include <memory>

namespace Rollcall::Realtime {

/// What the plugin counts. Plain numbers on the hot path; Prometheus gets the differences when it
/// is rendered.
class RealtimeMetrics
{
public:
    struct Counts
    {
        quint64 framesReceived = 0;
        quint64 framesSent = 0; ///< to connections; each is a delivery of the fan-out
        quint64 bytesReceived = 0;
        quint64 bytesSent = 0;
        quint64 framesEncoded = 0;
        quint64 movementReplaced =
            0; ///< newer took its place before a slow connection could take it
        quint64 slowClosed = 0;
        quint64 malformed = 0;
        quint64 muted = 0; ///< chat of muted users
        quint64 stale = 0; ///< movement whose seq did not grow
        quint64 relayed = 0;
        quint64 relayReceived = 0;
        quint64 relayRefused = 0;
        quint64 gapsRepaired = 0; ///< rooms whose members here were shown a fresh room_state
        std::array<quint64, kRateKinds> rateDropped{};
        std::array<qint64, 4> connections{}; ///< by Dialect
    };

    explicit RealtimeMetrics(Metrics &metrics);

    Counts &counts() { return *m_counts; }
    /// From the first message of a loop turn until all that it caused was written to sockets.
    void observeFanOut(std::chrono::nanoseconds duration);
    void countHandshake(const char *result);
    void countClose(CloseCode code);
    void countJoin(const char *result);

private:
    prometheus::Histogram &m_fanOut;
    LabelledCounter m_handshakes;
    LabelledCounter m_closes;
    LabelledCounter m_joins;
    std::shared_ptr<Counts>
        m_counts; // shared with the collector, which lives as long as the Metrics
};

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/deadlinesweep.h"
#include "core/edge/deferredcalls.h"
#include "core/edge/flushqueue.h"

#include <prometheus/gauge.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace Rollcall {

class Metrics;

/// What the transports of an edge share: the read buffer, the flush queue, the deadlines and the
/// account of buffered bytes.
class TransportContext
{
public:
    /// Bytes read at once, and the room behind them that simdjson may read (but not trust).
    static constexpr size_t kReadBytes = 64 << 10;
    static constexpr size_t kPadding = 64;

    TransportContext(Clock &clock, Metrics &metrics);

    FlushQueue &flushQueue() { return m_flushQueue; }
    DeferredCalls &deferredCalls() { return m_deferredCalls; }
    DeadlineSweep &deadlines() { return m_deadlines; }

    /// Room for `left` bytes that were left over, kReadBytes more and the padding. One user at a
    /// time.
    std::span<char> readBuffer(size_t left);
    /// A cleared buffer that has probably been grown before, and back with it.
    std::string takeBuffer();
    void giveBuffer(std::string &&buffer);

    /// Keeps the account of bytes that wait in memory longer than a loop turn.
    void buffered(qint64 delta)
    {
        m_buffered += delta;
        m_bufferedGauge.Set(double(m_buffered));
    }
    qint64 bufferedBytes() const { return m_buffered; }
    bool isOverBuffered() const { return m_buffered > m_maxBuffered; }
    void setMaxBufferedBytes(qint64 bytes) { m_maxBuffered = bytes; }

    void countReceived(qint64 bytes) { m_traffic->received += bytes; }
    void countSent(qint64 bytes) { m_traffic->sent += bytes; }

private:
    DeadlineSweep m_deadlines;
    DeferredCalls m_deferredCalls;
    FlushQueue m_flushQueue;
    std::vector<char> m_readBuffer;
    std::vector<std::string> m_spareBuffers;
    struct Traffic
    {
        qint64 received = 0;
        qint64 sent = 0;
    };
    std::shared_ptr<Traffic> m_traffic; // shared with the collector, which lives as long as Metrics
    prometheus::Gauge &m_bufferedGauge;
    qint64 m_buffered = 0;
    qint64 m_maxBuffered = 64 << 20;
};

} // namespace Rollcall

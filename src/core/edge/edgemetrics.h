// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/labelledcounter.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include <array>

namespace Rollcall {

/// What the edge counts.
class EdgeMetrics
{
public:
    enum class Rejection { Connections, Address, Buffers, Descriptors, Count };

    explicit EdgeMetrics(Metrics &metrics);

    void countRequest(int status);
    /// `status` of the answer: 101, or why not.
    void countHandshake(int status);
    void countRejection(Rejection reason) { m_rejections[size_t(reason)]->Increment(); }
    void countAccepted() { m_accepted.Increment(); }
    prometheus::Gauge &connections() { return m_connections; }

private:
    prometheus::Counter &m_accepted;
    prometheus::Gauge &m_connections;
    std::array<prometheus::Counter *, 5> m_requests; // by status class, 1xx first
    LabelledCounter m_handshakes;
    std::array<prometheus::Counter *, size_t(Rejection::Count)> m_rejections;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/edgemetrics.h"

#include "core/base/metrics.h"

#include <algorithm>

namespace Rollcall {

EdgeMetrics::EdgeMetrics(Metrics &metrics)
    : m_accepted(metrics.counter("rollcall_edge_accepted_total", "Connections accepted"))
    , m_connections(
          metrics.gauge("rollcall_edge_connections", "Connections open, WebSockets included"))
    , m_handshakes(metrics, "rollcall_edge_handshakes_total", "WebSocket handshakes by result",
                   "result")
{
    for (size_t i = 0; i < m_requests.size(); ++i) {
        m_requests[i] =
            &metrics.counter("rollcall_edge_requests_total", "HTTP answers by class of status",
                             {{"status", std::to_string(i + 1) + "xx"}});
    }
    const std::array<const char *, size_t(Rejection::Count)> rejections{"connections", "address",
                                                                        "buffers", "descriptors"};
    for (size_t i = 0; i < rejections.size(); ++i) {
        m_rejections[i] =
            &metrics.counter("rollcall_edge_rejected_total", "Connections not admitted, by limit",
                             {{"reason", rejections[i]}});
    }
}

void EdgeMetrics::countHandshake(int status)
{
    switch (status) {
    case 101:
        return m_handshakes.count("accepted");
    case 403:
        return m_handshakes.count("forbidden");
    case 404:
        return m_handshakes.count("not_found");
    case 426:
        return m_handshakes.count("wrong_version");
    case 429:
        return m_handshakes.count("too_many");
    case 503:
        return m_handshakes.count("unavailable");
    default:
        return m_handshakes.count("malformed");
    }
}

void EdgeMetrics::countRequest(int status)
{
    m_requests[size_t(std::clamp(status / 100, 1, 5) - 1)]->Increment();
}

} // namespace Rollcall

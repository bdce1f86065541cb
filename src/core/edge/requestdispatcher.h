// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/edgeconnection.h"
#include "core/edge/edgepolicies.h"
#include "core/edge/qthttpbridge.h"

#include <functional>
#include <unordered_map>

namespace Rollcall {

class EdgeHttpService;
class EdgeMetrics;

/// Brings complete requests to the HTTP service and answers back to their connections, if those are
/// still there.
class RequestDispatcher
{
public:
    RequestDispatcher(EdgeHttpService &service, EdgeMetrics &metrics, const EdgePolicies &policies);

    void dispatch(EdgeConnection &connection, const QByteArray &date);
    /// The connection is gone: its answer will be dropped.
    void forget(EdgeConnection &connection);

private:
    struct Exchange
    {
        EdgeConnection *connection = nullptr; // borrowed; null: gone
        HttpFraming framing;
    };

    HttpRequest requestOf(EdgeConnection &connection, const ProxyPolicy::Origin &origin) const;
    std::optional<HttpResponse> refusal(const HttpRequest &request, bool isOriginAllowed) const;
    HttpHeaders corsHeaders(const QByteArray &origin, bool isAllowed) const;
    HttpResponse optionsAnswer(const HttpRequest &request) const;
    QByteArray requestId(const RequestHead &head);
    void answer(quint64 exchange, HttpResponse &&response);

    EdgeHttpService &m_service;
    EdgeMetrics &m_metrics;
    const EdgePolicies &m_policies;
    QtHttpBridge m_bridge;
    std::unordered_map<quint64, Exchange> m_exchanges;
    QByteArray m_idPrefix;
    quint64 m_lastExchange = 0;
};

} // namespace Rollcall

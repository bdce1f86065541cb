// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/edgeconnection.h"
#include "core/edge/edgepolicies.h"
#include "core/edge/websockethandshake.h"

namespace Rollcall {

class EdgeHttpService;
class EdgeMetrics;
class EdgeUpgradeService;

/// Takes handshakes from connections to endpoints, or refuses them.
class UpgradeDispatcher
{
public:
    UpgradeDispatcher(EdgeUpgradeService &service, EdgeHttpService &http, EdgeMetrics &metrics,
                      TransportContext &context, const EdgePolicies &policies);

    /// Where an accepted handshake's transport goes.
    struct Adoption
    {
        UpgradeEndpoint *endpoint = nullptr; // null: the connection has been answered
        std::unique_ptr<Transport> transport;
        UpgradeRequest request;
    };
    Adoption dispatch(EdgeConnection &connection, const QByteArray &date);

private:
    HttpResponse decide(EdgeConnection &connection, UpgradeRequest &request,
                        UpgradeEndpoint *&endpoint, QByteArray &accepted);

    EdgeUpgradeService &m_service;
    EdgeHttpService &m_http;
    EdgeMetrics &m_metrics;
    TransportContext &m_context;
    const EdgePolicies &m_policies;
    WebSocketHandshake m_handshake;
};

} // namespace Rollcall

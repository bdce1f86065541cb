// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/edgeconfig.h"
#include "core/edge/edgeconnection.h"
#include "core/edge/edgehttpservice.h"
#include "core/edge/edgemetrics.h"
#include "core/edge/edgepolicies.h"
#include "core/edge/edgeupgradeservice.h"
#include "core/edge/firstbyte.h"
#include "core/edge/listener.h"
#include "core/edge/requestdispatcher.h"
#include "core/edge/transportcontext.h"
#include "core/edge/upgradedispatcher.h"

#include <QSslConfiguration>

#include <memory>
#include <optional>
#include <unordered_map>

namespace Rollcall {

/// Accepts connections within the limits, owns them until they end or are adopted, and passes their
/// requests on.
class EdgeServer final : private EdgeConnectionOwner
{
public:
    EdgeServer(const EdgeConfig &config, Clock &clock, Metrics &metrics, TokenService &tokens);
    ~EdgeServer();

    Result<void> listen();
    void holdConnections(bool isHeld) { m_listener.setHeld(isHeld); }
    void stopAccepting() { m_listener.close(); }
    quint16 port() const { return m_listener.port(); }
    Result<void> applyConfiguration(const EdgeConfig &config);
    void updateMetrics() { m_metrics.connections().Set(double(m_admission.connections())); }

    EdgeHttpService &http() { return m_http; }
    EdgeUpgradeService &upgrades() { return m_upgrades; }

private:
    void handleRequest(EdgeConnection &connection) override;
    void handleUpgrade(EdgeConnection &connection) override;
    void handleConnectionEnd(EdgeConnection &connection) override;
    void handleRefusal(int status) override { m_metrics.countRequest(status); }
    const HttpLimits &httpLimits() const override { return m_config.http; }
    std::chrono::milliseconds lingerDeadline() const override { return m_config.lingerDeadline; }
    QByteArray dateHeader() override;

    Result<void> readTlsIdentity(const EdgeConfig &config);
    void takeOver(const EdgeConfig &config);
    void accept(int descriptor, const QHostAddress &peer, quint16 port);
    void handleExhaustion();
    void reject(int descriptor, EdgeMetrics::Rejection reason);
    void handleFirstByte(FirstByte &first, FirstByte::Kind kind);
    void addConnection(std::unique_ptr<BufferedTransport> transport);

    EdgeConfig m_config;
    Clock &m_clock;
    EdgeMetrics m_metrics;
    EdgePolicies m_policies;
    Admission m_admission;
    TransportContext m_context;
    EdgeHttpService m_http;
    EdgeUpgradeService m_upgrades;
    RequestDispatcher m_requests;
    UpgradeDispatcher m_upgradeDispatcher;
    std::unordered_map<EdgeConnection *, std::unique_ptr<EdgeConnection>> m_connections;
    std::unordered_map<FirstByte *, std::unique_ptr<FirstByte>> m_unknown; // plain or TLS?
    std::optional<QSslConfiguration> m_tls;
    Listener m_listener;
    QByteArray m_date;
    qint64 m_dateSecond = -1;
    std::optional<Clock::SteadyTime> m_exhaustionSaid;
};

} // namespace Rollcall

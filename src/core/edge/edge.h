// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"
#include "core/edge/edgeconfig.h"

#include <QObject>
#include <QUrl>

#include <memory>

namespace Rollcall {

class Clock;
class HttpService;
class Metrics;
class TokenService;
class UpgradeService;

/// The node's only door: one port for HTTP and WebSocket, plain and TLS, with every limit that
/// outside needs.
///
/// It owns the listening socket, every connection until an endpoint adopts it, and the two
/// services. Routes and endpoints may be added before or after listen(). GET /ready answers 503
/// until setReady().
class ROLLCALL_CORE_EXPORT Edge : public QObject
{
    Q_OBJECT
public:
    /// `clock`, `metrics` and `tokens` are borrowed and outlive the edge.
    Edge(const EdgeConfig &config, Clock &clock, Metrics &metrics, TokenService &tokens,
         QObject *parent = nullptr);
    ~Edge() override;

    /// Errors: Configuration (address, certificate or key), Unavailable (the port is taken).
    Result<void> listen();
    /// 0 while not listening.
    quint16 port() const;
    /// What a browser on this machine would open: "http://127.0.0.1:8080/".
    QUrl url() const;

    HttpService *http();
    UpgradeService *upgrades();

    /// While starting, /ready answers 503. Off at first: for a host that listens before everything
    /// is up.
    void setStarting(bool isStarting);
    /// While held, connections are not accepted but wait in the backlog: for a host that cannot
    /// serve them yet. Off at first.
    void holdConnections(bool isHeld);
    /// /ready answers 503, handshakes get 503, HTTP connections close after their next answer.
    void setDraining();
    /// Closes the listening socket. Connections stay.
    void stopAccepting();
    /// Takes over what can change while running (OnReload::Applied), certificates too. A
    /// certificate that cannot be read leaves the old one in place and is the error.
    Result<void> applyConfiguration(const EdgeConfig &config);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Rollcall

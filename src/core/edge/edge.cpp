// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/edge.h"

#include "core/base/metrics.h"
#include "core/edge/edgehttpservice.h"
#include "core/edge/edgemetrics.h"
#include "core/edge/edgeserver.h"
#include "core/edge/edgeupgradeservice.h"

#include <QPointer>

namespace Rollcall {

struct Edge::Private
{
    Private(const EdgeConfig &initial, Clock &clock, Metrics &metrics, TokenService &tokens)
        : server(initial, clock, metrics, tokens)
        , config(initial)
    { }

    EdgeServer server;
    EdgeConfig config; // of listen()
};

Edge::Edge(const EdgeConfig &config, Clock &clock, Metrics &metrics, TokenService &tokens,
           QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(config, clock, metrics, tokens))
{
    metrics.addCollector([edge = QPointer(this)] {
        if (edge)
            edge->d->server.updateMetrics();
    });
}

Edge::~Edge() = default;

Result<void> Edge::listen() { return d->server.listen(); }

quint16 Edge::port() const { return d->server.port(); }

QUrl Edge::url() const
{
    QHostAddress address(d->config.host);
    const bool isAny = address == QHostAddress::AnyIPv4 || address == QHostAddress::AnyIPv6;
    QUrl url;
    url.setScheme(d->config.tlsCertificate.isEmpty() ? QStringLiteral("http")
                                                     : QStringLiteral("https"));
    url.setHost(isAny ? QStringLiteral("127.0.0.1") : d->config.host);
    url.setPort(port());
    url.setPath(QStringLiteral("/"));
    return url;
}

HttpService *Edge::http() { return &d->server.http(); }

UpgradeService *Edge::upgrades() { return &d->server.upgrades(); }

void Edge::setStarting(bool isStarting)
{
    if (d->server.http().phase() != EdgeHttpService::Phase::Draining)
        d->server.http().setPhase(isStarting ? EdgeHttpService::Phase::Starting
                                             : EdgeHttpService::Phase::Ready);
}

void Edge::holdConnections(bool isHeld) { d->server.holdConnections(isHeld); }

void Edge::setDraining() { d->server.http().setPhase(EdgeHttpService::Phase::Draining); }

void Edge::stopAccepting() { d->server.stopAccepting(); }

Result<void> Edge::applyConfiguration(const EdgeConfig &config)
{
    return d->server.applyConfiguration(config);
}

} // namespace Rollcall

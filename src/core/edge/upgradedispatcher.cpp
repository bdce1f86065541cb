// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/upgradedispatcher.h"

#include "core/edge/edgehttpservice.h"
#include "core/edge/edgemetrics.h"
#include "core/edge/edgeupgradeservice.h"
#include "core/edge/transportcontext.h"

namespace Rollcall {

namespace {

constexpr int kAccepted = 101;

HttpResponse refused(int status, const QString &detail, int retryAfterSeconds = 0)
{
    HttpResponse response = problemResponse(status, detail);
    if (retryAfterSeconds > 0)
        response.headers.emplaceBack("Retry-After", QByteArray::number(retryAfterSeconds));
    return response;
}

} // namespace

UpgradeDispatcher::UpgradeDispatcher(EdgeUpgradeService &service, EdgeHttpService &http,
                                     EdgeMetrics &metrics, TransportContext &context,
                                     const EdgePolicies &policies)
    : m_service(service)
    , m_http(http)
    , m_metrics(metrics)
    , m_context(context)
    , m_policies(policies)
{ }

UpgradeDispatcher::Adoption UpgradeDispatcher::dispatch(EdgeConnection &connection,
                                                        const QByteArray &date)
{
    Adoption adoption;
    UpgradeEndpoint *endpoint = nullptr;
    QByteArray accepted;
    const HttpResponse response = decide(connection, adoption.request, endpoint, accepted);
    const bool isAccepted = response.status == kAccepted;
    m_metrics.countHandshake(response.status);
    m_metrics.countRequest(response.status);
    if (!isAccepted) {
        connection.send(response, {.keepAlive = false, .date = date});
        return adoption;
    }
    connection.transport().write(accepted);
    adoption.endpoint = endpoint;
    adoption.transport = connection.takeTransport();
    return adoption;
}

HttpResponse UpgradeDispatcher::decide(EdgeConnection &connection, UpgradeRequest &request,
                                       UpgradeEndpoint *&endpoint, QByteArray &accepted)
{
    const RequestHead &head = connection.head();
    const ProxyPolicy::Origin from = m_policies.proxies.originOf(
        connection.transport().peerAddress(), connection.transport().isSecure(), head);
    if (!from.isForwarded && !m_policies.origins.allowsHost(head.authority))
        return refused(
            403,
            QStringLiteral(
                "This server does not go by that name (edge.allowedHosts, edge.publicUrl)"));
    endpoint = m_service.find(head.path);
    if (!endpoint)
        return refused(404, QStringLiteral("There is no WebSocket here"));
    if (const HeadError error = WebSocketHandshake::check(head); error.status) {
        HttpResponse response = refused(error.status, QString::fromLatin1(error.reason));
        if (error.status == 426) {
            response.headers.emplaceBack("Sec-WebSocket-Version", "13");
            response.headers.emplaceBack("Upgrade", "websocket");
        }
        return response;
    }
    if (!m_policies.origins.allowsOrigin(head.header("origin"), head.authority, from.isSecure))
        return refused(403,
                       QStringLiteral("Pages of this origin may not call (edge.allowedOrigins)"));
    if (m_http.phase() == EdgeHttpService::Phase::Draining)
        return refused(503, QStringLiteral("The server is shutting down"), 1);
    if (m_context.isOverBuffered())
        return refused(503, QStringLiteral("The server is overloaded"), 5);
    if (from.isForwarded && !connection.transport().ticket().moveTo(from.client))
        return refused(429, QStringLiteral("Too many connections from this address"), 5);

    request.path = head.path;
    request.query = QUrlQuery(QString::fromUtf8(head.queryText));
    request.headers = head.headers;
    request.client = from.client;
    request.isSecure = from.isSecure;
    request.subprotocols = WebSocketHandshake::subprotocols(head);
    const UpgradeDecision decision = endpoint->decide(request);
    if (decision.refuse != 0)
        return refused(decision.refuse, QStringLiteral("The connection was refused"),
                       decision.retryAfterSeconds);
    Result<QByteArray> answer = m_handshake.accept(head, decision);
    if (!answer)
        return refused(400, answer.error().logText);
    accepted = *answer;
    HttpResponse response;
    response.status = kAccepted;
    return response;
}

} // namespace Rollcall

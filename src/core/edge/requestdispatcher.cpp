// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/requestdispatcher.h"

#include "core/edge/edgehttpservice.h"
#include "core/edge/edgemetrics.h"
#include "core/edge/httpsyntax.h"

#include <QRandomGenerator>

#include <algorithm>
#include <array>

namespace Rollcall {

namespace {

bool isKnownMethod(const QByteArray &method)
{
    static constexpr std::array kMethods{"GET",   "HEAD",   "POST",   "PUT",
                                         "PATCH", "DELETE", "OPTIONS"};
    return std::any_of(kMethods.begin(), kMethods.end(),
                       [&](const char *known) { return method == known; });
}

bool isSafeMethod(const QByteArray &method)
{
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

} // namespace

RequestDispatcher::RequestDispatcher(EdgeHttpService &service, EdgeMetrics &metrics,
                                     const EdgePolicies &policies)
    : m_service(service)
    , m_metrics(metrics)
    , m_policies(policies)
    , m_idPrefix(QByteArray::number(QRandomGenerator::global()->generate(), 36) + '-')
{ }

void RequestDispatcher::forget(EdgeConnection &connection)
{
    const auto found = m_exchanges.find(connection.exchange());
    if (found != m_exchanges.end())
        found->second.connection = nullptr;
}

void RequestDispatcher::dispatch(EdgeConnection &connection, const QByteArray &date)
{
    const RequestHead &head = connection.head();
    const quint64 exchange = ++m_lastExchange;
    connection.setExchange(exchange);
    const ProxyPolicy::Origin from = m_policies.proxies.originOf(
        connection.transport().peerAddress(), connection.transport().isSecure(), head);
    const QByteArray origin = head.header("origin");
    const bool isAllowed = m_policies.origins.allowsOrigin(origin, head.authority, from.isSecure);
    Exchange &entry = m_exchanges[exchange];
    entry.connection = &connection;
    entry.framing.date = date;
    entry.framing.requestId = requestId(head);
    entry.framing.headers = corsHeaders(origin, isAllowed);

    HttpRequest request = requestOf(connection, from);
    const bool isHostAllowed = from.isForwarded || m_policies.origins.allowsHost(head.authority);
    if (!isHostAllowed) {
        answer(exchange,
               problemResponse(403,
                               QStringLiteral("This server does not go by that name "
                                              "(edge.allowedHosts, edge.publicUrl)")));
    } else if (std::optional<HttpResponse> refused = refusal(request, isAllowed)) {
        answer(exchange, std::move(*refused));
    } else if (request.method == "OPTIONS") {
        answer(exchange, optionsAnswer(request));
    } else if (!m_bridge.begin(exchange, head)) {
        answer(exchange, problemResponse(400, QStringLiteral("malformed request")));
    } else {
        m_service.handle(exchange, std::move(request), [this, exchange](HttpResponse &&response) {
            answer(exchange, std::move(response));
        });
    }
}

std::optional<HttpResponse> RequestDispatcher::refusal(const HttpRequest &request,
                                                       bool isOriginAllowed) const
{
    if (!isKnownMethod(request.method)) {
        HttpResponse response = HttpResponse::problem(ErrorCode::MethodNotAllowed);
        response.headers.emplaceBack("Allow", m_service.methodsOf(request.path).join(", "));
        return response;
    }
    // Reading is the browser's to refuse; changing something must not even begin.
    if (!isOriginAllowed && !isSafeMethod(request.method))
        return problemResponse(
            403, QStringLiteral("Pages of this origin may not call (edge.allowedOrigins)"));
    return std::nullopt;
}

HttpRequest RequestDispatcher::requestOf(EdgeConnection &connection,
                                         const ProxyPolicy::Origin &origin) const
{
    const RequestHead &head = connection.head();
    HttpRequest request;
    request.method = head.method;
    request.path = head.path;
    request.query = QUrlQuery(QString::fromUtf8(head.queryText));
    request.headers = head.headers;
    request.body = connection.body();
    request.client = origin.client;
    request.authority = head.authority.isEmpty() ? m_policies.ownAuthority : head.authority;
    request.isSecure = origin.isSecure;
    return request;
}

HttpHeaders RequestDispatcher::corsHeaders(const QByteArray &origin, bool isAllowed) const
{
    if (origin.isEmpty())
        return {};
    HttpHeaders headers;
    headers.emplaceBack("Vary", "Origin");
    if (isAllowed) {
        headers.emplaceBack("Access-Control-Allow-Origin", origin);
        headers.emplaceBack("Access-Control-Expose-Headers",
                            "Age, ETag, Retry-After, X-Request-Id, X-Rollcall-Stale");
    }
    return headers;
}

HttpResponse RequestDispatcher::optionsAnswer(const HttpRequest &request) const
{
    QList<QByteArray> methods = m_service.methodsOf(request.path);
    if (methods.isEmpty() && request.path != "*")
        return HttpResponse::problem(ErrorCode::NotFound);
    if (methods.contains("GET"))
        methods.append("HEAD");
    methods.append("OPTIONS");
    HttpResponse response;
    response.status = 204;
    response.headers.emplaceBack("Allow", methods.join(", "));
    const bool isPreflight = !request.header("access-control-request-method").isEmpty();
    if (isPreflight
        && m_policies.origins.allowsOrigin(request.header("origin"), request.authority,
                                           request.isSecure)) {
        response.headers.emplaceBack("Access-Control-Allow-Methods", methods.join(", "));
        response.headers.emplaceBack("Access-Control-Allow-Headers",
                                     "Authorization, Content-Type, If-None-Match, X-Request-Id");
        response.headers.emplaceBack("Access-Control-Max-Age", "600");
    }
    return response;
}

// The client's own if it is one that may be logged, else a new one.
QByteArray RequestDispatcher::requestId(const RequestHead &head)
{
    const QByteArray given = head.header("x-request-id");
    if (!given.isEmpty() && given.size() <= 64
        && Http::isToken({given.constData(), size_t(given.size())}))
        return given;
    return m_idPrefix + QByteArray::number(m_lastExchange, 36);
}

void RequestDispatcher::answer(quint64 exchange, HttpResponse &&response)
{
    const auto found = m_exchanges.find(exchange);
    if (found == m_exchanges.end())
        return;
    Exchange entry = std::move(found->second);
    m_exchanges.erase(found);
    if (response.status < 200 || response.status > 599)
        response = HttpResponse::problem(ErrorCode::Internal);
    entry.framing.statusLine = m_bridge.answer(exchange, response.status);
    m_metrics.countRequest(response.status);
    if (!entry.connection)
        return;
    if (m_service.phase() == EdgeHttpService::Phase::Draining || response.status == 400)
        entry.framing.keepAlive = false;
    entry.connection->send(response, std::move(entry.framing));
}

} // namespace Rollcall

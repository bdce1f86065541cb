// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/edgehttpservice.h"

#include "core/edge/httpsyntax.h"
#include "core/services/tokenservice.h"

#include <QJsonArray>

namespace Rollcall {

namespace {

HttpResponse unauthorized(HttpResponse response)
{
    response.headers.emplaceBack("WWW-Authenticate", "Bearer");
    return response;
}

} // namespace

EdgeHttpService::EdgeHttpService(Clock &clock, DeadlineSweep &deadlines, TokenService &tokens,
                                 Metrics &metrics, QObject *parent)
    : HttpService(parent)
    , m_clock(clock)
    , m_deadlines(deadlines)
    , m_metrics(metrics)
    , m_tokens(tokens)
{
    const auto uncached = [](HttpResponse response) {
        response.headers.emplaceBack("Cache-Control", "no-store");
        return response;
    };
    route("GET", "/live", HttpAccess::Public, this,
          [uncached](const HttpRequest &, HttpResponder responder) {
              responder.send(
                  uncached(HttpResponse::json({{QStringLiteral("status"), QStringLiteral("ok")}})));
          });
    route("GET", "/ready", HttpAccess::Public, this,
          [this, uncached](const HttpRequest &, HttpResponder responder) {
              responder.send(uncached(readiness()));
          });
    route("GET", "/config.json", HttpAccess::Public, this,
          [this, uncached](const HttpRequest &, HttpResponder responder) {
              responder.send(uncached(clientConfiguration()));
          });
}

EdgeHttpService::~EdgeHttpService() = default;

void EdgeHttpService::route(const QByteArray &method, const QByteArray &pattern, HttpAccess access,
                            QObject *context, HttpHandler handler)
{
    m_router.add(pattern, {method, access, context, std::move(handler)});
}

void EdgeHttpService::limitRate(const QByteArray &method, const QByteArray &pattern,
                                const HttpRate &rate)
{
    const QByteArray name = HttpRouter::nameOf(method, pattern);
    auto found = m_rates.find(name);
    if (found == m_rates.end()) {
        prometheus::Counter &refused =
            m_metrics.counter("rollcall_edge_rate_limited_total",
                              "Requests answered with 429 because their address sent too many",
                              {{"route", name.toStdString()}});
        found = m_rates.emplace(name, Rate{AddressRates(m_clock), &refused}).first;
    }
    found->second.addresses.setRate(rate);
}

std::optional<HttpResponse> EdgeHttpService::tooOften(const HttpRouter::Route &route,
                                                      const QHostAddress &client)
{
    const auto found = m_rates.find(route.name);
    if (found == m_rates.end())
        return std::nullopt;
    const auto wait = found->second.addresses.take(client);
    if (!wait)
        return std::nullopt;
    found->second.refused->Increment();
    HttpResponse response = HttpResponse::problem(ErrorCode::RateLimited);
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
    response.headers.emplaceBack("Retry-After", QByteArray::number(qint64(seconds)));
    return response;
}

QByteArray EdgeHttpService::publicUrl(const HttpRequest &request) const
{
    if (!m_publicUrl.isEmpty())
        return m_publicUrl;
    return (request.isSecure ? "https://" : "http://") + request.authority;
}

void EdgeHttpService::addReadinessCheck(const QByteArray &name, QObject *context, bool isFatal,
                                        std::function<QString()> check)
{
    m_checks.push_back({name, context, isFatal, std::move(check)});
}

void EdgeHttpService::addClientConfiguration(QObject *context, std::function<QJsonObject()> members)
{
    m_contributions.push_back({context, std::move(members)});
}

QList<QByteArray> EdgeHttpService::methodsOf(const QByteArray &path) const
{
    return m_router.find({}, path).allowed;
}

void EdgeHttpService::handle(quint64 exchange, HttpRequest request, Answer answer)
{
    HttpRouter::Match match = m_router.find(request.method, request.path);
    if (!match.route) {
        HttpResponse response = HttpResponse::problem(
            match.allowed.isEmpty() ? ErrorCode::NotFound : ErrorCode::MethodNotAllowed);
        if (!match.allowed.isEmpty())
            response.headers.emplaceBack("Allow", match.allowed.join(", ") + ", OPTIONS");
        answer(std::move(response));
        return;
    }
    if (std::optional<HttpResponse> refused = tooOften(*match.route, request.client)) {
        answer(std::move(*refused));
        return;
    }
    std::optional<Error> credentialError;
    readCredential(request, credentialError);
    if (std::optional<HttpResponse> refused =
            refusal(match.route->access, request, credentialError)) {
        answer(std::move(*refused));
        return;
    }
    if (request.method == "HEAD")
        request.method = "GET";
    request.arguments = std::move(match.arguments);
    auto deadline = std::make_unique<Deadline>(m_deadlines, [this, exchange] {
        finish(exchange, HttpResponse::problem(ErrorCode::Timeout));
    });
    deadline->start(m_handlerDeadline);
    m_pending.insert_or_assign(exchange, Pending{std::move(answer), std::move(deadline)});
    HttpResponder responder([service = QPointer(this), exchange](HttpResponse &&response) {
        if (service)
            service->finish(exchange, std::move(response));
    });
    match.route->handler(request, std::move(responder));
}

void EdgeHttpService::finish(quint64 exchange, HttpResponse &&response)
{
    const auto found = m_pending.find(exchange);
    if (found == m_pending.end()) // too late: its deadline has answered
        return;
    const Pending pending = std::move(found->second);
    m_pending.erase(found);
    pending.answer(std::move(response));
}

void EdgeHttpService::readCredential(HttpRequest &request, std::optional<Error> &error) const
{
    const QByteArray header = request.header("authorization");
    if (!Http::startsWith({header.constData(), size_t(header.size())}, "bearer "))
        return;
    const QByteArray credential = header.mid(7).trimmed();
    if (m_tokens.isOperatorCredential(credential)) {
        request.isOperator = true;
        return;
    }
    Result<TokenClaims> claims = m_tokens.verify(credential);
    if (!claims)
        error = claims.error();
    else if (claims->room)
        error = Error{ErrorCode::Forbidden, {}, QStringLiteral("This token is for joining a room")};
    else
        request.caller = *claims;
}

std::optional<HttpResponse>
EdgeHttpService::refusal(HttpAccess access, const HttpRequest &request,
                         const std::optional<Error> &credentialError) const
{
    if (access == HttpAccess::Public || request.isOperator)
        return std::nullopt;
    if (access == HttpAccess::Operator) {
        // A bad token and a user's token look the same from outside.
        const bool hasCredential = credentialError || request.caller;
        return hasCredential ? HttpResponse::problem(ErrorCode::Forbidden)
                             : unauthorized(HttpResponse::problem(ErrorCode::Unauthorized));
    }
    if (request.caller)
        return std::nullopt;
    if (credentialError) {
        HttpResponse response = HttpResponse::problem(*credentialError);
        return response.status == 401 ? unauthorized(std::move(response)) : response;
    }
    if (!m_tokens.isAuthRequired())
        return std::nullopt;
    return unauthorized(HttpResponse::problem(ErrorCode::Unauthorized));
}

HttpResponse EdgeHttpService::readiness() const
{
    QJsonArray reasons;
    bool isFatal = m_phase != Phase::Ready;
    if (isFatal) {
        const bool isStarting = m_phase == Phase::Starting;
        reasons.append(
            QJsonObject{{QStringLiteral("name"), QStringLiteral("host")},
                        {QStringLiteral("reason"),
                         isStarting ? QStringLiteral("starting") : QStringLiteral("draining")}});
    }
    for (const Check &check : m_checks) {
        const QString reason = check.context ? check.run() : QString();
        if (reason.isEmpty())
            continue;
        isFatal = isFatal || check.isFatal;
        reasons.append(QJsonObject{{QStringLiteral("name"), QString::fromUtf8(check.name)},
                                   {QStringLiteral("reason"), reason},
                                   {QStringLiteral("fatal"), check.isFatal}});
    }
    const QString status = m_phase == Phase::Starting ? QStringLiteral("starting")
        : m_phase == Phase::Draining                  ? QStringLiteral("draining")
        : isFatal                                     ? QStringLiteral("unavailable")
        : reasons.isEmpty()                           ? QStringLiteral("ready")
                                                      : QStringLiteral("degraded");
    return HttpResponse::json(
        {{QStringLiteral("status"), status}, {QStringLiteral("reasons"), reasons}},
        isFatal ? 503 : 200);
}

HttpResponse EdgeHttpService::clientConfiguration() const
{
    QJsonObject merged;
    for (const Contribution &contribution : m_contributions) {
        if (!contribution.context)
            continue;
        const QJsonObject members = contribution.members();
        for (auto member = members.begin(); member != members.end(); ++member)
            merged.insert(member.key(), member.value());
    }
    return HttpResponse::json(merged);
}

} // namespace Rollcall

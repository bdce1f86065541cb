// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/httpservice.h"

#include <QJsonDocument>
#include <QPointer>
#include <QUrl>

#include <map>
#include <optional>
#include <vector>

namespace Rollcall {

/// An HttpService without sockets: routes are called directly. Who may call is not enforced; a test
/// sets HttpRequest::caller and isOperator as the edge would.
class FakeHttpService : public HttpService
{
public:
    using HttpService::HttpService;

    QByteArray url = "http://127.0.0.1:8080";

    void route(const QByteArray &method, const QByteArray &pattern, HttpAccess access,
               QObject *context, HttpHandler handler) override
    {
        m_routes.push_back({method, segmentsOf(pattern), access, context, std::move(handler)});
    }
    void limitRate(const QByteArray &method, const QByteArray &pattern,
                   const HttpRate &rate) override
    {
        rates[method + ' ' + pattern] = rate;
    }
    std::map<QByteArray, HttpRate> rates;
    QByteArray publicUrl() const override { return url; }
    QByteArray publicUrl(const HttpRequest &) const override { return url; }
    void addReadinessCheck(const QByteArray &name, QObject *context, bool isFatal,
                           std::function<QString()> check) override
    {
        m_checks.push_back({name, context, isFatal, std::move(check)});
    }
    void addClientConfiguration(QObject *context, std::function<QJsonObject()> members) override
    {
        m_clientConfiguration.emplace_back(context, std::move(members));
    }

    /// Calls the route that serves `method` and `target` (path and query). The answer may come
    /// after the call returns: then it is kept in the optional that the returned pointer shares
    /// with the responder.
    std::shared_ptr<std::optional<HttpResponse>>
    call(const QByteArray &method, const QByteArray &target, HttpRequest request = {})
    {
        // Shared with the responder, which may outlive this call.
        auto answer = std::make_shared<std::optional<HttpResponse>>();
        HttpResponder responder(
            [answer](HttpResponse &&response) { *answer = std::move(response); });
        const qsizetype question = target.indexOf('?');
        request.method = method;
        request.path = question < 0 ? target : target.left(question);
        if (question >= 0)
            request.query = QUrlQuery(QString::fromUtf8(target.mid(question + 1)));
        const Route *best = nullptr;
        QList<QByteArray> bestArguments;
        for (const Route &route : m_routes) {
            QList<QByteArray> arguments;
            if (route.context && route.method == method && matches(route, request.path, arguments)
                && (!best || arguments.size() < bestArguments.size())) {
                best = &route;
                bestArguments = arguments;
            }
        }
        if (!best) {
            responder.send(HttpResponse::problem(ErrorCode::NotFound));
            return answer;
        }
        request.arguments = bestArguments;
        best->handler(request, std::move(responder));
        return answer;
    }
    std::optional<HttpAccess> accessOf(const QByteArray &method, const QByteArray &pattern) const
    {
        for (const Route &route : m_routes) {
            if (route.method == method && route.segments == segmentsOf(pattern))
                return route.access;
        }
        return std::nullopt;
    }
    /// What GET /ready would say: the failing checks' names and reasons.
    QStringList unreadyReasons() const
    {
        QStringList reasons;
        for (const Check &check : m_checks) {
            const QString reason = check.context ? check.check() : QString();
            if (!reason.isEmpty())
                reasons.append(QString::fromUtf8(check.name) + QStringLiteral(": ") + reason);
        }
        return reasons;
    }
    QJsonObject clientConfiguration() const
    {
        QJsonObject all;
        for (const auto &[context, members] : m_clientConfiguration) {
            const QJsonObject object = context ? members() : QJsonObject();
            for (auto it = object.begin(); it != object.end(); ++it)
                all.insert(it.key(), it.value());
        }
        return all;
    }

private:
    struct Route
    {
        QByteArray method;
        QList<QByteArray> segments;
        HttpAccess access;
        QPointer<QObject> context;
        HttpHandler handler;
    };
    struct Check
    {
        QByteArray name;
        QPointer<QObject> context;
        bool isFatal;
        std::function<QString()> check;
    };

    /// A slash at the end makes no difference, as in the edge's router.
    static QList<QByteArray> segmentsOf(const QByteArray &path)
    {
        QList<QByteArray> segments = path.split('/');
        if (segments.last().isEmpty())
            segments.removeLast();
        return segments;
    }
    static bool matches(const Route &route, const QByteArray &path, QList<QByteArray> &arguments)
    {
        const QList<QByteArray> segments = segmentsOf(path);
        if (segments.size() != route.segments.size())
            return false;
        for (qsizetype i = 0; i < segments.size(); ++i) {
            if (route.segments[i].startsWith('{'))
                arguments.append(QByteArray::fromPercentEncoding(segments[i]));
            else if (route.segments[i] != segments[i])
                return false;
        }
        return true;
    }

    std::vector<Route> m_routes;
    std::vector<Check> m_checks;
    std::vector<std::pair<QPointer<QObject>, std::function<QJsonObject()>>> m_clientConfiguration;
};

} // namespace Rollcall

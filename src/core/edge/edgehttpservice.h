// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/metrics.h"
#include "core/edge/addressrates.h"
#include "core/edge/deadlinesweep.h"
#include "core/edge/httprouter.h"
#include "core/services/httpservice.h"

#include <QPointer>

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace Rollcall {

class TokenService;

/// The edge's routes: who may call what, the deadline of every answer, and GET /live, /ready and
/// /config.json.
class ROLLCALL_CORE_EXPORT EdgeHttpService final : public HttpService
{
    Q_OBJECT
public:
    enum class Phase { Starting, Ready, Draining };
    /// Called once per request, unless it is forgotten first.
    using Answer = std::function<void(HttpResponse &&)>;

    EdgeHttpService(Clock &clock, DeadlineSweep &deadlines, TokenService &tokens, Metrics &metrics,
                    QObject *parent = nullptr);
    ~EdgeHttpService() override;

    void route(const QByteArray &method, const QByteArray &pattern, HttpAccess access,
               QObject *context, HttpHandler handler) override;
    void limitRate(const QByteArray &method, const QByteArray &pattern,
                   const HttpRate &rate) override;
    QByteArray publicUrl() const override { return m_publicUrl; }
    QByteArray publicUrl(const HttpRequest &request) const override;
    void addReadinessCheck(const QByteArray &name, QObject *context, bool isFatal,
                           std::function<QString()> check) override;
    void addClientConfiguration(QObject *context, std::function<QJsonObject()> members) override;

    void setPublicUrl(const QString &url) { m_publicUrl = url.toUtf8(); }
    void setHandlerDeadline(std::chrono::milliseconds deadline) { m_handlerDeadline = deadline; }
    void setPhase(Phase phase) { m_phase = phase; }
    Phase phase() const { return m_phase; }

    /// Methods that a path has, for OPTIONS and Allow.
    QList<QByteArray> methodsOf(const QByteArray &path) const;
    /// Finds the route, checks the caller and runs the handler. `answer` may run before this
    /// returns; after the handler's deadline it gets a 504 and the handler's own answer is dropped.
    void handle(quint64 exchange, HttpRequest request, Answer answer);

private:
    struct Pending
    {
        Answer answer;
        std::unique_ptr<Deadline> deadline;
    };
    struct Check
    {
        QByteArray name;
        QPointer<QObject> context;
        bool isFatal;
        std::function<QString()> run;
    };
    struct Rate
    {
        AddressRates addresses;
        prometheus::Counter *refused;
    };
    struct Contribution
    {
        QPointer<QObject> context;
        std::function<QJsonObject()> members;
    };

    void finish(quint64 exchange, HttpResponse &&response);
    void readCredential(HttpRequest &request, std::optional<Error> &error) const;
    std::optional<HttpResponse> refusal(HttpAccess access, const HttpRequest &request,
                                        const std::optional<Error> &credentialError) const;
    HttpResponse readiness() const;
    HttpResponse clientConfiguration() const;

    std::optional<HttpResponse> tooOften(const HttpRouter::Route &route,
                                         const QHostAddress &client);

    Clock &m_clock;
    DeadlineSweep &m_deadlines;
    Metrics &m_metrics;
    TokenService &m_tokens;
    HttpRouter m_router;
    std::unordered_map<QByteArray, Rate> m_rates; // by the route's name
    std::unordered_map<quint64, Pending> m_pending;
    std::vector<Check> m_checks;
    std::vector<Contribution> m_contributions;
    QByteArray m_publicUrl;
    std::chrono::milliseconds m_handlerDeadline{10'000};
    Phase m_phase = Phase::Ready;
};

} // namespace Rollcall

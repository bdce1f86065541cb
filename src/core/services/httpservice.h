// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"
#include "core/protocol/tokenclaims.h"

#include <QHostAddress>
#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QUrlQuery>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace Rollcall {

using HttpHeaders = QList<std::pair<QByteArray, QByteArray>>;

/// Who may call a route.
enum class HttpAccess {
    Public, ///< anybody
    All, ///< anybody; with `auth.required` a user token
    User, ///< a user token, or a guest while `auth.required` is off
    Operator, ///< the operators' credential, never a user token
};

struct HttpRequest
{
    QByteArray method; ///< HEAD arrives as GET
    QByteArray path; ///< as sent, percent-encoded, without query
    QList<QByteArray> arguments; ///< what the `{...}` segments of the route matched, decoded
    QUrlQuery query;
    HttpHeaders headers;
    QByteArray body;
    QHostAddress client; ///< after `edge.trustedProxies`
    QByteArray authority; ///< "host:port" that the client used
    bool isSecure = false; ///< TLS, here or at a trusted proxy
    std::optional<TokenClaims> caller; ///< of a valid user token
    bool isOperator = false;

    /// First value of the header, case-insensitive; empty if absent.
    ROLLCALL_CORE_EXPORT QByteArray header(QByteArrayView name) const;
    /// Decoded value of a query item; empty if absent.
    ROLLCALL_CORE_EXPORT QString queryValue(const char *name) const;
    /// The body as a JSON object. An empty body is an empty object. Error: BadRequest.
    ROLLCALL_CORE_EXPORT Result<QJsonObject> jsonBody() const;
};

struct HttpResponse
{
    int status = 200;
    QByteArray contentType = "application/json";
    QByteArray body; ///< shared, not copied: cached bytes are cheap
    HttpHeaders headers;

    ROLLCALL_CORE_EXPORT static HttpResponse json(const QJsonObject &object, int status = 200);
    /// RFC 7807: {type, title, status, detail, code}.
    ROLLCALL_CORE_EXPORT static HttpResponse problem(ErrorCode code, const QString &detail = {});
    ROLLCALL_CORE_EXPORT static HttpResponse problem(const Error &error);
};

/// Answers one request, now or later. Movable; dropped without an answer it sends 500. After the
/// client has gone, or the deadline (`http.handlerDeadline`, answered with 504), an answer is
/// ignored.
class ROLLCALL_CORE_EXPORT HttpResponder
{
public:
    using Sink = std::function<void(HttpResponse &&)>;
    explicit HttpResponder(Sink sink);
    HttpResponder(HttpResponder &&other) noexcept;
    HttpResponder &operator=(HttpResponder &&other) noexcept;
    HttpResponder(const HttpResponder &) = delete;
    HttpResponder &operator=(const HttpResponder &) = delete;
    ~HttpResponder();

    void send(HttpResponse response);

private:
    Sink m_sink;
};

/// How often one address may call a route: a token bucket.
struct HttpRate
{
    double perSecond = 0; ///< 0: as often as it likes
    int burst = 1; ///< at once
};

using HttpHandler = std::function<void(const HttpRequest &, HttpResponder)>;

/// HTTP routes on the edge's port. Provided by the edge.
class ROLLCALL_CORE_EXPORT HttpService : public QObject
{
    Q_OBJECT
public:
    static constexpr const char *kServiceName = "HttpService";
    using QObject::QObject;

    /// `pattern`: "/rooms/{id}". A segment in braces takes exactly one raw path segment (so an
    /// encoded slash is part of it); a last `{name...}` takes the rest. Literal segments win over
    /// arguments. Patterns that do not start with "/api" are also served below "/api". HEAD is
    /// served by GET, OPTIONS by the edge. The route lives as long as `context`. Registering the
    /// same method and pattern twice is a programming error.
    virtual void route(const QByteArray &method, const QByteArray &pattern, HttpAccess access,
                       QObject *context, HttpHandler handler) = 0;

    /// Above this rate an address (IPv6: a /64; behind a trusted proxy the forwarded one) gets 429
    /// with Retry-After instead of the handler's answer. Operators do too: nothing is read of the
    /// request before. Each call replaces the rate; the route may be registered later.
    virtual void limitRate(const QByteArray &method, const QByteArray &pattern,
                           const HttpRate &rate) = 0;

    /// `edge.publicUrl`, without a slash at the end; empty when it is not set.
    virtual QByteArray publicUrl() const = 0;
    /// The same, or made from what this client used: "http://127.0.0.1:8080".
    virtual QByteArray publicUrl(const HttpRequest &request) const = 0;

    /// Adds a reason to GET /ready. `check` returns an empty text when all is well. `isFatal`: 503
    /// instead of 200 `degraded`.
    virtual void addReadinessCheck(const QByteArray &name, QObject *context, bool isFatal,
                                   std::function<QString()> check) = 0;
    /// Adds members to GET /config.json.
    virtual void addClientConfiguration(QObject *context, std::function<QJsonObject()> members) = 0;
};

} // namespace Rollcall

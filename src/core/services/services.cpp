// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/services/httpservice.h"
#include "core/services/upgradeservice.h"

#include <QJsonDocument>

namespace Rollcall {

namespace {

QByteArray findHeader(const HttpHeaders &headers, QByteArrayView name)
{
    for (const auto &[key, value] : headers) {
        if (key.size() == name.size()
            && qstrnicmp(key.constData(), name.data(), size_t(name.size())) == 0)
            return value;
    }
    return {};
}

} // namespace

QByteArray HttpRequest::header(QByteArrayView name) const { return findHeader(headers, name); }

QString HttpRequest::queryValue(const char *name) const
{
    return query.queryItemValue(QLatin1String(name), QUrl::FullyDecoded);
}

Result<QJsonObject> HttpRequest::jsonBody() const
{
    if (body.trimmed().isEmpty())
        return QJsonObject();
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(body, &error);
    if (error.error != QJsonParseError::NoError || !document.isObject()) {
        return Error{ErrorCode::BadRequest,
                     {},
                     error.error ? QStringLiteral("The body is not JSON: %1 at byte %2")
                                       .arg(error.errorString())
                                       .arg(error.offset)
                                 : QStringLiteral("The body must be a JSON object")};
    }
    return document.object();
}

HttpResponse HttpResponse::json(const QJsonObject &object, int status)
{
    return {status, "application/json", QJsonDocument(object).toJson(QJsonDocument::Compact), {}};
}

HttpResponse HttpResponse::problem(ErrorCode code, const QString &detail)
{
    const ErrorCodeInfo &info = errorCodeInfo(code);
    QJsonObject object{{QStringLiteral("type"), QStringLiteral("about:blank")},
                       {QStringLiteral("title"), info.title},
                       {QStringLiteral("status"), info.httpStatus},
                       {QStringLiteral("detail"), detail.isEmpty() ? QString(info.title) : detail},
                       {QStringLiteral("code"), info.name}};
    HttpResponse response = json(object, info.httpStatus);
    response.contentType = "application/problem+json";
    return response;
}

HttpResponse HttpResponse::problem(const Error &error)
{
    return problem(error.code, error.peerText);
}

HttpResponder::HttpResponder(Sink sink)
    : m_sink(std::move(sink))
{ }

HttpResponder::HttpResponder(HttpResponder &&other) noexcept
    : m_sink(std::exchange(other.m_sink, {}))
{ }

HttpResponder &HttpResponder::operator=(HttpResponder &&other) noexcept
{
    std::swap(m_sink, other.m_sink);
    return *this;
}

HttpResponder::~HttpResponder()
{
    if (m_sink)
        send(HttpResponse::problem(ErrorCode::Internal));
}

void HttpResponder::send(HttpResponse response)
{
    if (const Sink sink = std::exchange(m_sink, {}))
        sink(std::move(response));
}

QByteArray webSocketUrl(QByteArray publicUrl, QByteArrayView path)
{
    if (publicUrl.startsWith("http"))
        publicUrl.replace(0, 4, "ws");
    return publicUrl + path.toByteArray();
}

UpgradeEndpoint::~UpgradeEndpoint() = default;

QByteArray UpgradeRequest::header(QByteArrayView name) const { return findHeader(headers, name); }

} // namespace Rollcall

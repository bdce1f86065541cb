// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/httpmessage.h"

#include "core/edge/httpsyntax.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>

namespace Rollcall {

namespace {

struct Reason
{
    int status;
    const char *phrase;
};
constexpr std::array kReasons{
    Reason{100, "Continue"},
    Reason{101, "Switching Protocols"},
    Reason{200, "OK"},
    Reason{201, "Created"},
    Reason{202, "Accepted"},
    Reason{204, "No Content"},
    Reason{206, "Partial Content"},
    Reason{301, "Moved Permanently"},
    Reason{302, "Found"},
    Reason{303, "See Other"},
    Reason{304, "Not Modified"},
    Reason{307, "Temporary Redirect"},
    Reason{308, "Permanent Redirect"},
    Reason{400, "Bad Request"},
    Reason{401, "Unauthorized"},
    Reason{403, "Forbidden"},
    Reason{404, "Not Found"},
    Reason{405, "Method Not Allowed"},
    Reason{406, "Not Acceptable"},
    Reason{408, "Request Timeout"},
    Reason{409, "Conflict"},
    Reason{410, "Gone"},
    Reason{412, "Precondition Failed"},
    Reason{413, "Content Too Large"},
    Reason{414, "URI Too Long"},
    Reason{415, "Unsupported Media Type"},
    Reason{417, "Expectation Failed"},
    Reason{421, "Misdirected Request"},
    Reason{422, "Unprocessable Content"},
    Reason{426, "Upgrade Required"},
    Reason{429, "Too Many Requests"},
    Reason{431, "Request Header Fields Too Large"},
    Reason{500, "Internal Server Error"},
    Reason{501, "Not Implemented"},
    Reason{502, "Bad Gateway"},
    Reason{503, "Service Unavailable"},
    Reason{504, "Gateway Timeout"},
    Reason{505, "HTTP Version Not Supported"},
};

ErrorCode codeOfStatus(int status)
{
    switch (status) {
    case 401:
        return ErrorCode::Unauthorized;
    case 403:
        return ErrorCode::Forbidden;
    case 404:
        return ErrorCode::NotFound;
    case 405:
        return ErrorCode::MethodNotAllowed;
    case 408:
    case 504:
        return ErrorCode::Timeout;
    case 413:
    case 414:
    case 431:
        return ErrorCode::TooLarge;
    case 429:
        return ErrorCode::RateLimited;
    case 503:
        return ErrorCode::Unavailable;
    default:
        return status >= 500 ? ErrorCode::Internal : ErrorCode::BadRequest;
    }
}

bool isFramingHeader(const QByteArray &name)
{
    static constexpr std::array kNames{"connection", "content-length",    "content-type", "date",
                                       "keep-alive", "transfer-encoding", "x-request-id"};
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](const char *known) { return Http::equals(name, known); });
}

void append(QByteArray &head, const QByteArray &name, const QByteArray &value)
{
    const bool isSafe = Http::isToken({name.constData(), size_t(name.size())})
        && std::all_of(value.begin(), value.end(), Http::isFieldCharacter);
    if (isSafe)
        head += name + ": " + value + "\r\n";
}

} // namespace

HttpResponse problemResponse(int status, ErrorCode code, const QString &detail)
{
    HttpResponse response =
        HttpResponse::json({{QStringLiteral("type"), QStringLiteral("about:blank")},
                            {QStringLiteral("title"), QString::fromLatin1(reasonPhrase(status))},
                            {QStringLiteral("status"), status},
                            {QStringLiteral("detail"), detail},
                            {QStringLiteral("code"), errorCodeInfo(code).name}},
                           status);
    response.contentType = "application/problem+json";
    return response;
}

HttpResponse problemResponse(int status, const QString &detail)
{
    return problemResponse(status, codeOfStatus(status), detail);
}

QByteArray reasonPhrase(int status)
{
    const auto found = std::find_if(kReasons.begin(), kReasons.end(),
                                    [&](const Reason &reason) { return reason.status == status; });
    return found == kReasons.end() ? QByteArray("Status") : QByteArray(found->phrase);
}

QByteArray encodeHead(const HttpResponse &response, const HttpFraming &framing)
{
    QByteArray head;
    head.reserve(512);
    head += framing.statusLine.isEmpty() ? "HTTP/1.1 " + QByteArray::number(response.status) + ' '
            + reasonPhrase(response.status) + "\r\n"
                                         : framing.statusLine;
    append(head, "Date", framing.date);
    if (statusHasBody(response.status)) {
        if (!response.contentType.isEmpty())
            append(head, "Content-Type", response.contentType);
        append(head, "Content-Length", QByteArray::number(response.body.size()));
        append(head, "X-Content-Type-Options", "nosniff");
    }
    if (!framing.requestId.isEmpty())
        append(head, "X-Request-Id", framing.requestId);
    for (const auto &[name, value] : framing.headers)
        append(head, name, value);
    for (const auto &[name, value] : response.headers) {
        if (!isFramingHeader(name))
            append(head, name, value);
    }
    if (!framing.keepAlive)
        append(head, "Connection", "close");
    else if (framing.minorVersion == 0)
        append(head, "Connection", "keep-alive");
    head += "\r\n";
    return head;
}

QByteArray httpDate(qint64 wallMs)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(wallMs, Qt::UTC);
    return QLocale::c().toString(time, QStringLiteral("ddd, dd MMM yyyy hh:mm:ss")).toLatin1()
        + " GMT";
}

} // namespace Rollcall

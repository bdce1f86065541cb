// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/services/httpservice.h"

namespace Rollcall {

/// How an answer is put into bytes.
struct HttpFraming
{
    int minorVersion = 1; ///< of the request
    bool keepAlive = true;
    bool withoutBody = false; ///< HEAD: Content-Length of the body, but not the body
    QByteArray statusLine = {}; ///< with CR LF; empty: made here
    QByteArray requestId = {};
    QByteArray date = {};
    HttpHeaders headers = {}; ///< the edge's own, e.g. CORS
};

/// Problem details (RFC 7807) for statuses that no ErrorCode has.
ROLLCALL_CORE_EXPORT HttpResponse problemResponse(int status, ErrorCode code,
                                                  const QString &detail);
/// The same with the code that goes with the status.
ROLLCALL_CORE_EXPORT HttpResponse problemResponse(int status, const QString &detail);

/// "Not Found" (RFC 9110 15); never empty.
ROLLCALL_CORE_EXPORT QByteArray reasonPhrase(int status);

/// Status line and headers, the empty line included. Headers that frame the message or contain line
/// breaks are the edge's business and left out of what a handler gave.
ROLLCALL_CORE_EXPORT QByteArray encodeHead(const HttpResponse &response,
                                           const HttpFraming &framing);

/// IMF-fixdate (RFC 9110 5.6.7) of a time in milliseconds since the epoch.
ROLLCALL_CORE_EXPORT QByteArray httpDate(qint64 wallMs);

/// May this answer carry a body at all? 1xx, 204 and 304 do not.
constexpr bool statusHasBody(int status) { return status >= 200 && status != 204 && status != 304; }

} // namespace Rollcall

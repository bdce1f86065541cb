// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/edge/edgeconfig.h"
#include "core/services/httpservice.h"

#include <span>

namespace Rollcall {

/// Request line and headers of a request that has passed every check of parseHead().
struct RequestHead
{
    enum class Body { None, Length, Chunked };

    QByteArray method;
    QByteArray path; ///< raw, begins with '/'; "*" only for OPTIONS
    QByteArray queryText; ///< raw, without '?'
    QByteArray
        authority; ///< of the Host header, or of an absolute target; may be empty in HTTP/1.0
    HttpHeaders headers; ///< values without surrounding blanks
    Body body = Body::None;
    qint64 contentLength = 0;
    int minorVersion = 1; ///< of HTTP/1.x
    bool keepAlive = true;
    bool expectsContinue = false;
    bool isUpgrade = false; ///< asks for a WebSocket (RFC 6455 4.2.1), perhaps wrongly

    ROLLCALL_CORE_EXPORT QByteArray header(QByteArrayView name) const;
    /// Times the header occurs.
    ROLLCALL_CORE_EXPORT int count(QByteArrayView name) const;
    /// Is `token` in the comma-separated list of the header(s)? Case-insensitive.
    ROLLCALL_CORE_EXPORT bool hasToken(QByteArrayView name, QByteArrayView token) const;
};

/// Where the search for the end of a head stands; begins at zero for each request.
struct HeadScan
{
    enum class State { Incomplete, Complete, Malformed };

    State state = State::Incomplete;
    size_t lineBegin = 0; ///< of the line that is not complete yet
    size_t scanned = 0; ///< how far the bytes have been looked at
    size_t requestLine = 0; ///< its length, once it is complete
    size_t end = 0; ///< when complete: behind the empty line
};

struct HeadError
{
    int status = 0; ///< HTTP status; 0: none
    const char *reason = "";
};

/// Looks at the bytes that are new since the last call, so that a head sent byte by byte costs no
/// more. Malformed: a bare LF, CR or a control character. Empty lines before the request line are
/// part of the head.
ROLLCALL_CORE_EXPORT HeadScan scanHead(std::span<const char> bytes, HeadScan scan);

/// What `scan` says about a head that is too long already or not a request; status 0 while it may
/// go on.
ROLLCALL_CORE_EXPORT HeadError checkScan(std::span<const char> bytes, const HeadScan &scan,
                                         const HttpLimits &limits);

/// Parses a complete head (RFC 9112). Strict: what two servers might read differently is refused
/// with 400.
ROLLCALL_CORE_EXPORT HeadError parseHead(std::span<const char> bytes, const HttpLimits &limits,
                                         RequestHead &head);

} // namespace Rollcall

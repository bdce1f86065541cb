// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/edge/transport.h"
#include "core/services/httpservice.h"

#include <QObject>

#include <memory>

namespace Rollcall {

/// A WebSocket handshake request (RFC 6455 4.2.1), after the edge's own checks (version, origin,
/// limits).
struct UpgradeRequest
{
    QByteArray path;
    QUrlQuery query;
    HttpHeaders headers;
    QHostAddress client; ///< after `edge.trustedProxies`
    bool isSecure = false;
    QList<QByteArray> subprotocols; ///< as offered

    ROLLCALL_CORE_EXPORT QByteArray header(QByteArrayView name) const;
};

/// "http://host" and "/ws" -> "ws://host/ws"; https becomes wss.
ROLLCALL_CORE_EXPORT QByteArray webSocketUrl(QByteArray publicUrl, QByteArrayView path);

/// What an endpoint says to a handshake.
struct UpgradeDecision
{
    int refuse =
        0; ///< an HTTP status instead of 101: 404, 429 or 503 only (browsers cannot see others)
    int retryAfterSeconds = 0; ///< with 429 and 503
    QByteArray subprotocol; ///< one of those offered, or empty
    HttpHeaders headers; ///< added to the 101, e.g. Set-Cookie
};

/// A WebSocket endpoint. Implemented by the realtime plugin, or by a team's own.
class ROLLCALL_CORE_EXPORT UpgradeEndpoint
{
public:
    virtual ~UpgradeEndpoint();
    virtual UpgradeDecision decide(const UpgradeRequest &request) = 0;
    /// The 101 is on its way. Bytes that followed the request arrive through the transport's
    /// handler.
    virtual void adopt(std::unique_ptr<Transport> transport, const UpgradeRequest &request) = 0;
};

/// WebSocket endpoints by path. Provided by the edge.
class ROLLCALL_CORE_EXPORT UpgradeService : public QObject
{
    Q_OBJECT
public:
    static constexpr const char *kServiceName = "UpgradeService";
    using QObject::QObject;

    /// `path` is exact; "/ws/" is served as "/ws". The endpoint is borrowed and must be removed
    /// before it dies.
    virtual void addEndpoint(const QByteArray &path, UpgradeEndpoint *endpoint) = 0;
    virtual void removeEndpoint(UpgradeEndpoint *endpoint) = 0;
};

} // namespace Rollcall

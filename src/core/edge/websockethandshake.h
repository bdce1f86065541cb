// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/headparser.h"
#include "core/services/upgradeservice.h"

#include <memory>

class QWebSocketServer;

namespace Rollcall {

/// Shakes hands over WebSockets (RFC 6455 4.2): QWebSocketServer reads the request and writes the
/// 101, in memory.
class ROLLCALL_CORE_EXPORT WebSocketHandshake
{
public:
    WebSocketHandshake();
    ~WebSocketHandshake();

    /// What is wrong with the handshake; status 0: nothing. 426 for another version than 13.
    static HeadError check(const RequestHead &head);
    /// Sub-protocols as offered, in order.
    static QList<QByteArray> subprotocols(const RequestHead &head);
    /// The bytes of the 101, with what `decision` adds. Error: BadRequest.
    Result<QByteArray> accept(const RequestHead &head, const UpgradeDecision &decision);

private:
    std::unique_ptr<QWebSocketServer> m_server;
};

} // namespace Rollcall

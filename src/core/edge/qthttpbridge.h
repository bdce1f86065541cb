// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/headparser.h"

#include <memory>
#include <unordered_map>
#include <vector>

namespace Rollcall {

/// Runs complete requests through Qt's HTTP server in memory.
///
/// Qt parses the request line, which the edge has already checked, and forms the answer's status
/// line; no client, slow, gone or hostile, can reach its memory. A channel (a MemorySocket) serves
/// one request at a time and is then used again. The only place that knows which QtHttpServer it is
/// built with.
class QtHttpBridge
{
public:
    QtHttpBridge();
    ~QtHttpBridge();

    /// False: Qt did not take the request (400).
    bool begin(quint64 exchange, const RequestHead &head);
    /// Ends the exchange; the status line with its CR LF, as Qt wrote it.
    QByteArray answer(quint64 exchange, int status);

private:
    class Server;
    class Acceptor;
    class Channel;

    Channel *takeChannel();

    std::unique_ptr<Server> m_server;
    Acceptor *m_acceptor; // owned by the server
    std::unordered_map<quint64, std::unique_ptr<Channel>> m_busy;
    std::vector<std::unique_ptr<Channel>> m_idle;
};

} // namespace Rollcall

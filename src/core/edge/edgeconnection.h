// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/bufferedtransport.h"
#include "core/edge/chunkeddecoder.h"
#include "core/edge/headparser.h"
#include "core/edge/httpmessage.h"

#include <memory>
#include <optional>

namespace Rollcall {

class EdgeConnection;

/// What connections hand their complete requests to.
class EdgeConnectionOwner
{
public:
    /// Answers with connection.send(), now or later.
    virtual void handleRequest(EdgeConnection &connection) = 0;
    /// From the loop, not from inside the transport: may take the transport or send().
    virtual void handleUpgrade(EdgeConnection &connection) = 0;
    /// The connection is over and waits for nothing; its owner destroys it.
    virtual void handleConnectionEnd(EdgeConnection &connection) = 0;
    /// A request that was refused before it was complete.
    virtual void handleRefusal(int status) = 0;
    virtual const HttpLimits &httpLimits() const = 0;
    virtual std::chrono::milliseconds lingerDeadline() const = 0;
    virtual QByteArray dateHeader() = 0;

protected:
    ~EdgeConnectionOwner() = default;
};

/// Reads one request at a time from an accepted connection and writes its answer: the part of
/// HTTP/1 that faces the peer, with its limits and time-outs. Bytes behind a request wait until it
/// has been answered.
class EdgeConnection final : private TransportHandler, private DeferredCall
{
public:
    /// `owner` and `context` are borrowed.
    EdgeConnection(EdgeConnectionOwner &owner, TransportContext &context,
                   std::unique_ptr<BufferedTransport> transport);
    ~EdgeConnection() override;

    /// Of the request being handled.
    const RequestHead &head() const { return m_head; }
    const QByteArray &body() const { return m_body; }
    BufferedTransport &transport() { return *m_transport; }
    /// For the owner: which of its deferred answers this connection waits for; 0: none.
    quint64 exchange() const { return m_exchange; }
    void setExchange(quint64 exchange) { m_exchange = exchange; }

    /// Answers the request. A body for HEAD is left out.
    void send(const HttpResponse &response, HttpFraming framing);
    /// Gives the connection to somebody else; the EdgeConnection is then to be destroyed.
    std::unique_ptr<BufferedTransport> takeTransport();

private:
    enum class State { Idle, Head, Body, Handling, Upgrading, Closing };

    size_t handleBytes(std::span<char> bytes) override;
    void handleDrained() override;
    void handleEnd(TransportEnd end) override;
    void runDeferred() override;

    size_t readHead(std::span<const char> bytes);
    size_t readBody(std::span<const char> bytes);
    void beginBody();
    void dispatch();
    void awaitRequest();
    void refuse(int status, const char *reason);
    void forgetBody();
    void startClosing(bool isPeerSilent = false);
    void handleDeadline();

    EdgeConnectionOwner &m_owner;
    TransportContext &m_context;
    std::unique_ptr<BufferedTransport> m_transport;
    Deadline m_deadline;
    RequestHead m_head;
    HeadScan m_scan;
    QByteArray m_body;
    std::unique_ptr<ChunkedDecoder> m_chunks;
    quint64 m_exchange = 0;
    State m_state = State::Head;
    bool m_isParsing = false; // inside handleBytes()
    bool m_isPaused = false; // until what has been written is on its way
};

} // namespace Rollcall

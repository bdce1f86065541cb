// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/transport.h"

#include <QPointer>
#include <QTimer>

#include <functional>
#include <memory>

namespace Rollcall {

/// The far end of a FakeTransport: what a test sends and what it gets. No sockets, no threads.
///
/// Make one, give takeTransport() to the code under test, then send() and look at received(). Bytes
/// and ends are delivered from inside send() and finish() if a handler is set, else in the loop
/// turn after one is. Like a real transport it keeps what the handler left over and never calls the
/// handler from write(), close() or abort(). It outlives the transport and knows how that ended.
class FakePeer : public QObject
{
public:
    class Transport;

    explicit FakePeer(const QHostAddress &address = QHostAddress(QHostAddress::LocalHost),
                      quint16 port = 50000)
        : m_address(address)
        , m_port(port)
    { }
    ~FakePeer() override;

    /// The near end; once.
    std::unique_ptr<Rollcall::Transport> takeTransport();

    void send(const QByteArray &bytes)
    {
        m_toHandler += bytes;
        deliver();
    }
    /// Finishes this side (FIN); `end` Reset is an RST.
    void finish(TransportEnd end = TransportEnd::Closed)
    {
        endLater(end);
        deliver();
    }
    /// What the near end has written since the last takeReceived(), as far as the "kernel" took it.
    const QByteArray &received() const { return m_received; }
    QByteArray takeReceived() { return std::exchange(m_received, {}); }
    /// A peer that stops reading: from now on writes are pending, until accept() takes some.
    void stall() { m_isStalled = true; }
    /// Takes pending bytes; all of them ends the stall and calls handleDrained().
    void accept(qsizetype bytes = -1);

    bool isAlive() const { return m_transport != nullptr; } ///< the near end was not destroyed
    bool isClosed() const { return m_isClosed; } ///< close() was called
    bool isAborted() const { return m_isAborted; }
    bool isReading() const { return m_isReading; }
    qsizetype pending() const { return m_pending.size(); }
    qsizetype undelivered() const { return m_toHandler.size(); } ///< sent but not used up
    int writes() const { return m_writes; } ///< calls of write()
    /// close() is answered at once with FIN; otherwise the test calls finish().
    void setAnswersClose(bool answers) { m_answersClose = answers; }
    /// From takeTransport() on: the transport's handler, if any.
    TransportHandler *handler() const { return m_handler; }

private:
    void deliver();
    void deliverLater()
    {
        QTimer::singleShot(0, this, [this] { deliver(); });
    }
    void endLater(TransportEnd end)
    {
        if (!m_end)
            m_end = end;
    }

    QHostAddress m_address;
    quint16 m_port;
    Transport *m_transport = nullptr;
    TransportHandler *m_handler = nullptr;
    QByteArray m_toHandler;
    QByteArray m_received;
    QByteArray m_pending;
    std::optional<TransportEnd> m_end;
    int m_writes = 0;
    bool m_isDelivering = false;
    bool m_isReading = true;
    bool m_isStalled = false;
    bool m_isClosed = false;
    bool m_isAborted = false;
    bool m_answersClose = true;
};

class FakePeer::Transport final : public Rollcall::Transport
{
public:
    explicit Transport(FakePeer *peer)
        : m_peer(peer)
    { }
    ~Transport() override
    {
        if (m_peer) {
            m_peer->m_transport = nullptr;
            m_peer->m_handler = nullptr;
        }
    }

    void setHandler(TransportHandler *handler) override
    {
        if (m_peer) {
            m_peer->m_handler = handler;
            m_peer->deliverLater();
        }
    }
    using Rollcall::Transport::write;
    void write(std::span<const char> bytes) override
    {
        if (!m_peer || m_peer->m_isClosed || m_peer->m_isAborted || m_peer->m_end)
            return;
        ++m_peer->m_writes;
        (m_peer->m_isStalled ? m_peer->m_pending : m_peer->m_received)
            .append(bytes.data(), qsizetype(bytes.size()));
    }
    void flush() override { }
    bool isWaiting() const override { return m_peer && !m_peer->m_pending.isEmpty(); }
    size_t bytesPending() const override { return m_peer ? size_t(m_peer->m_pending.size()) : 0; }
    void setReading(bool isReading) override
    {
        if (m_peer) {
            m_peer->m_isReading = isReading;
            if (isReading)
                m_peer->deliverLater();
        }
    }
    void close(std::chrono::milliseconds deadline) override
    {
        if (!m_peer || m_peer->m_isClosed || m_peer->m_isAborted)
            return;
        m_peer->m_isClosed = true;
        if (m_peer->m_answersClose && !m_peer->m_isStalled)
            m_peer->endLater(TransportEnd::Closed);
        else
            QTimer::singleShot(deadline, m_peer,
                               [peer = m_peer] { peer->finish(TransportEnd::Reset); });
        m_peer->deliverLater();
    }
    void abort() override
    {
        if (!m_peer || m_peer->m_isAborted)
            return;
        m_peer->m_isAborted = true;
        m_peer->m_pending.clear();
        m_peer->m_toHandler.clear();
        m_peer->m_end = TransportEnd::Aborted;
        m_peer->deliverLater();
    }
    QHostAddress peerAddress() const override
    {
        return m_peer ? m_peer->m_address : QHostAddress();
    }
    quint16 peerPort() const override { return m_peer ? m_peer->m_port : 0; }

private:
    QPointer<FakePeer> m_peer;
};

inline FakePeer::~FakePeer() = default;

inline std::unique_ptr<Rollcall::Transport> FakePeer::takeTransport()
{
    Q_ASSERT(!m_transport);
    auto transport = std::make_unique<Transport>(this);
    m_transport = transport.get();
    return transport;
}

inline void FakePeer::accept(qsizetype bytes)
{
    const qsizetype count = bytes < 0 ? m_pending.size() : std::min(bytes, m_pending.size());
    m_received += m_pending.left(count);
    m_pending.remove(0, count);
    if (!m_pending.isEmpty() || !m_isStalled)
        return;
    m_isStalled = false;
    if (m_isClosed && m_answersClose)
        finish();
    else if (m_handler && !m_isClosed)
        m_handler->handleDrained();
}

// The handler may destroy the transport (not this peer) in any of the calls.
inline void FakePeer::deliver()
{
    if (m_isDelivering || !m_transport || !m_handler)
        return;
    m_isDelivering = true;
    qsizetype used = -1;
    while (m_handler && m_isReading && !m_isClosed && !m_isAborted && !m_toHandler.isEmpty()
           && used != 0) {
        // As the real one: the handler may scribble on the bytes it uses up, and there is room
        // behind them.
        QByteArray buffer = m_toHandler;
        const qsizetype size = buffer.size();
        buffer.append(QByteArray(64, '\0'));
        used = qsizetype(m_handler->handleBytes(std::span(buffer.data(), size_t(size))));
        Q_ASSERT(used <= size);
        m_toHandler = buffer.mid(used, size - used) + m_toHandler.mid(size);
    }
    m_isDelivering = false;
    if (m_handler && m_end && (m_isReading || *m_end != TransportEnd::Closed)) {
        TransportHandler *handler = std::exchange(m_handler, nullptr);
        handler->handleEnd(*m_end);
    }
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QByteArray>
#include <QHostAddress>

#include <chrono>
#include <span>

namespace Rollcall {

/// How a transport's connection ended.
enum class TransportEnd {
    Closed, ///< the peer finished its side, or close() was answered
    Reset, ///< RST, time-out, TLS error or another error of the socket
    Aborted, ///< abort() here
};

/// What a transport tells its owner. Called from the event loop, never from inside write() or
/// close().
class ROLLCALL_CORE_EXPORT TransportHandler
{
public:
    virtual ~TransportHandler();

    /// New bytes, after what was left over last time. The span may be written to (unmasking in
    /// place) and is valid during the call. Returns how many bytes were used up; the rest comes
    /// again, with more behind it. The handler may destroy the transport, and must then return
    /// bytes.size().
    virtual size_t handleBytes(std::span<char> bytes) = 0;
    /// Everything written so far has been given to the kernel, after some of it had to wait.
    virtual void handleDrained() = 0;
    /// Once, last. The handler usually destroys the transport here.
    virtual void handleEnd(TransportEnd end) = 0;
};

/// A connected byte stream that an edge has accepted: plain, TLS, or a fake one in tests.
///
/// Writes are joined until the end of the loop turn and go out with one send(). Owned by whoever
/// adopted it; destroying it closes the socket at once.
class ROLLCALL_CORE_EXPORT Transport
{
public:
    virtual ~Transport();

    /// Bytes that have arrived before are delivered in the next loop turn. `handler` is borrowed.
    virtual void setHandler(TransportHandler *handler) = 0;

    /// Queues bytes. After close() or the end they are ignored.
    virtual void write(std::span<const char> bytes) = 0;
    void write(const QByteArray &bytes)
    {
        write(std::span(bytes.constData(), size_t(bytes.size())));
    }
    /// Queues the pieces in their order and sends, at once, in one call where the socket can.
    virtual void sendNow(std::span<const std::span<const char>> pieces);
    /// Sends what is pending now instead of at the end of the turn; nothing while isWaiting().
    virtual void flush() = 0;
    /// Bytes not yet given to the kernel.
    virtual size_t bytesPending() const = 0;
    /// The kernel did not take all of it: handleDrained() follows.
    virtual bool isWaiting() const = 0;
    /// Stops and resumes reading, for back-pressure. Reading is on at first.
    virtual void setReading(bool isReading) = 0;

    /// Sends what is pending, then FIN; ends by itself `deadline` later if the peer does not finish
    /// its side.
    virtual void close(std::chrono::milliseconds deadline) = 0;
    /// Drops what is pending and resets the connection. handleEnd(Aborted) follows in the next loop
    /// turn.
    virtual void abort() = 0;

    virtual QHostAddress peerAddress() const = 0;
    virtual quint16 peerPort() const = 0;
};

} // namespace Rollcall

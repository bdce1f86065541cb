// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/bufferedtransport.h"

#include <QObject>

#include <memory>

class QSslConfiguration;
class QSslSocket;

namespace Rollcall {

/// A transport on a TLS connection, by QSslSocket.
class TlsTransport final : public BufferedTransport
{
public:
    /// Owns `descriptor` from now on and starts the handshake, which ends the connection if it
    /// takes too long.
    TlsTransport(TransportContext &context, AdmissionTicket ticket, int descriptor,
                 const QHostAddress &peer, quint16 peerPort, const QSslConfiguration &configuration,
                 std::chrono::milliseconds handshakeDeadline);
    ~TlsTransport() override;

    bool isSecure() const override { return true; }

protected:
    Moved receive(std::span<char> into, size_t &count) override;
    Moved send(std::span<const char> bytes, size_t &count) override;
    size_t backlog() const override;
    void setReadInterest(bool isWanted) override;
    void setWriteInterest(bool) override { }
    void finishWriting() override;
    void drop(bool isAbort) override;

private:
    void readLater();

    QObject
        m_guard; // the context of all connections: they end with this object, not with the socket
    QSslSocket *m_socket; // owned; deleted later, because it may be what is calling
    std::unique_ptr<Deadline> m_handshake;
    bool m_isSending = false;
    bool m_isReadPosted = false;
};

} // namespace Rollcall

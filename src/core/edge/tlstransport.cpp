// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/tlstransport.h"

#include "core/edge/transportcontext.h"

#include <QSslConfiguration>
#include <QSslSocket>

#include <algorithm>
#include <sys/socket.h>
#include <unistd.h>

namespace Rollcall {

namespace {

// What QSslSocket may hold of our bytes, plain and encrypted; the rest waits in the out-buffer,
// where it is counted. One record: OpenSSL and Qt hold each byte up to three times.
constexpr size_t kMaxBacklog = 16 << 10;

} // namespace

TlsTransport::TlsTransport(TransportContext &context, AdmissionTicket ticket, int descriptor,
                           const QHostAddress &peer, quint16 peerPort,
                           const QSslConfiguration &configuration,
                           std::chrono::milliseconds handshakeDeadline)
    : BufferedTransport(context, std::move(ticket), peer, peerPort)
    , m_socket(new QSslSocket)
    , m_handshake(std::make_unique<Deadline>(context.deadlines(),
                                             [this] { handleLost(TransportEnd::Reset); }))
{
    QObject::connect(m_socket, &QSslSocket::encrypted, &m_guard, [this] { m_handshake.reset(); });
    QObject::connect(m_socket, &QSslSocket::readyRead, &m_guard, [this] { readLater(); });
    QObject::connect(m_socket, &QSslSocket::disconnected, &m_guard, [this] { readLater(); });
    QObject::connect(m_socket, &QSslSocket::encryptedBytesWritten, &m_guard, [this] {
        if (!m_isSending)
            handleWritable();
    });
    m_socket->setReadBufferSize(TransportContext::kReadBytes);
    m_socket->setSslConfiguration(configuration);
    m_handshake->start(handshakeDeadline);
    if (m_socket->setSocketDescriptor(descriptor)) {
        m_socket->startServerEncryption();
    } else {
        ::close(descriptor);
        handleLost(TransportEnd::Reset);
    }
}

TlsTransport::~TlsTransport() { drop(false); }

// Not from inside the socket's signal: whoever reads may end the connection. One event reads all
// that has come.
void TlsTransport::readLater()
{
    if (m_isReadPosted)
        return;
    m_isReadPosted = true;
    QMetaObject::invokeMethod(
        &m_guard,
        [this] {
            m_isReadPosted = false;
            handleReadable();
        },
        Qt::QueuedConnection);
}

BufferedTransport::Moved TlsTransport::receive(std::span<char> into, size_t &count)
{
    if (!m_socket)
        return Moved::Lost;
    const qint64 read = m_socket->isOpen() ? m_socket->read(into.data(), qint64(into.size())) : -1;
    if (read > 0) {
        count = size_t(read);
        if (m_socket->bytesAvailable() > 0
            || m_socket->state() == QAbstractSocket::UnconnectedState)
            readLater();
        return Moved::Some;
    }
    if (m_socket->state() != QAbstractSocket::UnconnectedState)
        return Moved::Nothing;
    const QAbstractSocket::SocketError error = m_socket->error();
    const bool isOrderly = error == QAbstractSocket::RemoteHostClosedError
        || error == QAbstractSocket::UnknownSocketError;
    return isOrderly && !m_handshake ? Moved::Finished : Moved::Lost;
}

BufferedTransport::Moved TlsTransport::send(std::span<const char> bytes, size_t &count)
{
    if (!m_socket || m_socket->state() != QAbstractSocket::ConnectedState)
        return Moved::Nothing; // the end is on its way through receive()
    const size_t before = backlog();
    if (before >= kMaxBacklog)
        return Moved::Nothing;
    m_isSending = true;
    const qint64 written =
        m_socket->write(bytes.data(), qint64(std::min(bytes.size(), kMaxBacklog - before)));
    if (written > 0 && !m_handshake)
        m_socket->flush();
    m_isSending = false;
    if (written < 0)
        return Moved::Lost;
    count = size_t(written);
    return Moved::Some;
}

size_t TlsTransport::backlog() const
{
    return m_socket ? size_t(m_socket->bytesToWrite() + m_socket->encryptedBytesToWrite()) : 0;
}

void TlsTransport::setReadInterest(bool isWanted)
{
    if (isWanted && m_socket
        && (m_socket->bytesAvailable() > 0
            || m_socket->state() == QAbstractSocket::UnconnectedState))
        readLater();
}

void TlsTransport::finishWriting()
{
    if (m_socket)
        m_socket->disconnectFromHost(); // close_notify; QSslSocket cannot close one side only
    if (m_socket && m_socket->state() == QAbstractSocket::UnconnectedState)
        readLater();
}

void TlsTransport::drop(bool isAbort)
{
    if (!m_socket)
        return;
    m_handshake.reset();
    QSslSocket *socket = std::exchange(m_socket, nullptr);
    socket->disconnect(&m_guard);
    if (isAbort && socket->socketDescriptor() >= 0) {
        const linger reset{1, 0};
        ::setsockopt(int(socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    socket->abort();
    socket->deleteLater();
}

} // namespace Rollcall

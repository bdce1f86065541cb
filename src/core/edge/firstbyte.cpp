// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/firstbyte.h"

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

namespace Rollcall {

namespace {

constexpr char kTlsHandshake = 0x16; // the content type of a ClientHello's record (RFC 8446 5.1)

} // namespace

FirstByte::FirstByte(DeadlineSweep &deadlines, AdmissionTicket ticket, int descriptor,
                     const QHostAddress &peer, quint16 peerPort, std::chrono::milliseconds deadline,
                     Handler handler)
    : m_ticket(std::move(ticket))
    , m_descriptor(descriptor)
    , m_peer(peer)
    , m_peerPort(peerPort)
    , m_handler(std::move(handler))
    , m_notifier(descriptor, QSocketNotifier::Read)
    , m_deadline(deadlines, [this] { m_handler(*this, Kind::Gone); })
{
    QObject::connect(&m_notifier, &QSocketNotifier::activated, &m_notifier, [this] { peek(); });
    m_deadline.start(deadline);
}

FirstByte::~FirstByte()
{
    m_notifier.setEnabled(false);
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

void FirstByte::peek()
{
    char first = 0;
    const ssize_t read = ::recv(m_descriptor, &first, 1, MSG_PEEK);
    if (read < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return;
    m_notifier.setEnabled(false);
    m_deadline.stop();
    const Handler handler = m_handler; // a copy: it may destroy this
    handler(*this, read <= 0 ? Kind::Gone : first == kTlsHandshake ? Kind::Tls : Kind::Plain);
}

} // namespace Rollcall

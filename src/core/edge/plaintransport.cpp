// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/plaintransport.h"

#include <QEvent>
#include <QSocketNotifier>

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace Rollcall {

/// Calls the transport without a signal: this is the path of every frame. The transport may destroy
/// it meanwhile.
class PlainTransport::Notifier final : public QSocketNotifier
{
public:
    Notifier(PlainTransport *transport, QSocketNotifier::Type type)
        : QSocketNotifier(transport->m_descriptor, type)
        , m_transport(transport)
    { }

protected:
    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::SockAct)
            return QSocketNotifier::event(event);
        if (type() == QSocketNotifier::Read)
            m_transport->handleReadable();
        else
            m_transport->handleWritable();
        return true;
    }

private:
    PlainTransport *m_transport;
};

PlainTransport::PlainTransport(TransportContext &context, AdmissionTicket ticket, int descriptor,
                               const QHostAddress &peer, quint16 peerPort)
    : BufferedTransport(context, std::move(ticket), peer, peerPort)
    , m_descriptor(descriptor)
{ }

PlainTransport::~PlainTransport() { drop(false); }

BufferedTransport::Moved PlainTransport::receive(std::span<char> into, size_t &count)
{
    const ssize_t read = ::recv(m_descriptor, into.data(), into.size(), 0);
    if (read > 0) {
        count = size_t(read);
        return Moved::Some;
    }
    if (read == 0)
        return Moved::Finished;
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? Moved::Nothing : Moved::Lost;
}

BufferedTransport::Moved PlainTransport::send(std::span<const char> bytes, size_t &count)
{
    return moved(::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL), bytes.size(),
                 count);
}

BufferedTransport::Moved PlainTransport::sendPieces(std::span<const std::span<const char>> pieces,
                                                    size_t &count)
{
    if (pieces.size() == 1)
        return send(pieces[0], count);
    std::array<iovec, kMaxPieces> vectors;
    size_t wanted = 0;
    for (size_t i = 0; i < pieces.size(); ++i) {
        vectors[i] = {const_cast<char *>(pieces[i].data()), pieces[i].size()};
        wanted += pieces[i].size();
    }
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = pieces.size();
    return moved(::sendmsg(m_descriptor, &message, MSG_NOSIGNAL), wanted, count);
}

BufferedTransport::Moved PlainTransport::moved(ssize_t sent, size_t wanted, size_t &count)
{
    if (sent >= 0) {
        count = size_t(sent);
        // A short write means a full buffer: the next call would only say EAGAIN.
        return count == wanted ? Moved::Some : Moved::Nothing;
    }
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? Moved::Nothing : Moved::Lost;
}

void PlainTransport::setReadInterest(bool isWanted)
{
    if (m_descriptor < 0)
        return;
    if (m_readNotifier)
        m_readNotifier->setEnabled(isWanted);
    else if (isWanted)
        m_readNotifier = std::make_unique<Notifier>(this, QSocketNotifier::Read);
}

void PlainTransport::setWriteInterest(bool isWanted)
{
    if (m_descriptor < 0)
        return;
    if (m_writeNotifier)
        m_writeNotifier->setEnabled(isWanted);
    else if (isWanted)
        m_writeNotifier = std::make_unique<Notifier>(this, QSocketNotifier::Write);
}

void PlainTransport::finishWriting() { ::shutdown(m_descriptor, SHUT_WR); }

void PlainTransport::drop(bool isAbort)
{
    if (m_descriptor < 0)
        return;
    // Not destroyed here: this may run inside one of them.
    if (m_readNotifier)
        m_readNotifier->setEnabled(false);
    if (m_writeNotifier)
        m_writeNotifier->setEnabled(false);
    if (isAbort) {
        const linger reset{1, 0};
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    ::close(m_descriptor);
    m_descriptor = -1;
}

} // namespace Rollcall

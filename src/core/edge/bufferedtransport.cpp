// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/bufferedtransport.h"

#include "core/edge/transportcontext.h"

#include <cstring>

namespace Rollcall {

namespace {

// For the peer's side of a connection whose owner has more to send than the kernel takes at once.
constexpr std::chrono::milliseconds kFinishDeadline{10'000};

} // namespace

BufferedTransport::BufferedTransport(TransportContext &context, AdmissionTicket ticket,
                                     const QHostAddress &peer, quint16 peerPort)
    : m_context(context)
    , m_ticket(std::move(ticket))
    , m_peer(peer)
    , m_peerPort(peerPort)
{ }

BufferedTransport::~BufferedTransport()
{
    m_context.flushQueue().remove(this);
    m_context.deferredCalls().remove(this);
    forgetLeft();
    releaseOut();
}

void BufferedTransport::setHandler(TransportHandler *handler)
{
    m_handler = handler;
    if (!handler)
        return;
    updateInterest();
    if (!m_left.empty() || m_state == State::Ending)
        m_context.deferredCalls().add(this);
}

void BufferedTransport::setReading(bool isReading)
{
    if (m_isReading == isReading)
        return;
    m_isReading = isReading;
    // Off only when something comes that is not wanted: mostly nothing does before it is on again.
    if (m_state != State::Open || !isReading || !m_handler)
        return;
    updateInterest();
    if (!m_left.empty())
        m_context.deferredCalls().add(this);
}

void BufferedTransport::close(std::chrono::milliseconds deadline)
{
    if (m_state == State::Open)
        startClosing(deadline);
}

void BufferedTransport::closeForSilentPeer(std::chrono::milliseconds deadline)
{
    m_isPeerSilent = dropsInOrder();
    close(deadline);
}

void BufferedTransport::startClosing(std::chrono::milliseconds deadline)
{
    m_state = State::Closing;
    forgetLeft();
    m_closeDeadline =
        std::make_unique<Deadline>(m_context.deadlines(), [this] { end(TransportEnd::Reset); });
    m_closeDeadline->start(deadline);
    if (!m_mustWait)
        m_context.flushQueue().add(this);
    updateInterest();
}

void BufferedTransport::abort()
{
    if (m_state == State::Ending || m_state == State::Ended)
        return;
    handleLost(TransportEnd::Aborted);
}

void BufferedTransport::handleReadable()
{
    if (m_state != State::Open && m_state != State::Closing)
        return;
    if (m_state == State::Open && (!m_handler || !m_isReading)) {
        updateInterest();
        return;
    }
    const size_t left = m_left.size();
    const std::span<char> buffer = m_context.readBuffer(left);
    size_t count = 0;
    const Moved moved = receive(buffer.subspan(left, TransportContext::kReadBytes), count);
    if (m_state == State::Ending)
        return;
    switch (moved) {
    case Moved::Some:
        m_context.countReceived(qint64(count));
        if (m_state == State::Open) {
            std::memcpy(buffer.data(), m_left.data(), left);
            deliver(buffer.first(left + count));
        }
        break;
    case Moved::Nothing:
        break;
    case Moved::Finished:
        m_peerFinished = true;
        if (m_state == State::Open && bytesPending() > 0)
            startClosing(kFinishDeadline);
        else if (m_state == State::Open || m_hasFinishedWriting)
            end(TransportEnd::Closed);
        else
            updateInterest();
        break;
    case Moved::Lost:
        end(TransportEnd::Reset);
        break;
    }
}

// The handler may destroy this transport; it then says that it used up everything.
void BufferedTransport::deliver(std::span<char> bytes)
{
    forgetLeft();
    const size_t used = m_handler->handleBytes(bytes);
    Q_ASSERT(used <= bytes.size());
    if (used < bytes.size())
        keep(bytes.subspan(used));
}

void BufferedTransport::keep(std::span<const char> bytes)
{
    if (m_state != State::Open)
        return;
    m_left.assign(bytes.data(), bytes.size());
    m_context.buffered(qint64(bytes.size()));
    if (m_context.isOverBuffered())
        handleLost(TransportEnd::Reset);
}

void BufferedTransport::forgetLeft()
{
    if (m_left.empty())
        return;
    m_context.buffered(-qint64(m_left.size()));
    std::string().swap(m_left);
}

void BufferedTransport::runDeferred()
{
    if (m_state == State::Ending) {
        end(m_end);
    } else if (m_state == State::Open && m_handler && m_isReading && !m_left.empty()) {
        const size_t left = m_left.size();
        const std::span<char> buffer = m_context.readBuffer(left);
        std::memcpy(buffer.data(), m_left.data(), left);
        deliver(buffer.first(left));
    }
}

void BufferedTransport::updateInterest()
{
    const bool isOpen = m_state == State::Open && m_handler && m_isReading;
    setReadInterest((isOpen || m_state == State::Closing) && !m_peerFinished);
}

void BufferedTransport::handleLost(TransportEnd end)
{
    if (m_state == State::Ending || m_state == State::Ended)
        return;
    m_state = State::Ending;
    m_end = end;
    m_closeDeadline.reset();
    forgetLeft();
    releaseOut();
    drop(end != TransportEnd::Closed);
    m_context.deferredCalls().add(this);
}

void BufferedTransport::end(TransportEnd end)
{
    if (m_state == State::Ended)
        return;
    if (!m_handler) { // setHandler() will bring it up again
        handleLost(end);
        return;
    }
    m_state = State::Ended;
    m_closeDeadline.reset();
    forgetLeft();
    releaseOut();
    drop(end != TransportEnd::Closed);
    m_handler->handleEnd(end);
}

} // namespace Rollcall

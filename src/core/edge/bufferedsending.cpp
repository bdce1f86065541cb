// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
// The transport's part that sends: the out-buffer, and what goes past it.
#include "core/edge/bufferedtransport.h"

#include "core/edge/transportcontext.h"

#include <algorithm>
#include <array>
#include <utility>

namespace Rollcall {

void BufferedTransport::write(std::span<const char> bytes)
{
    if (m_state != State::Open || bytes.empty())
        return;
    if (m_out.empty()) {
        m_out = m_context.takeBuffer();
        if (!m_mustWait)
            m_context.flushQueue().add(this);
    }
    m_out.append(bytes.data(), bytes.size());
    if (!m_mustWait)
        return; // whatever is left at the end of the turn counts
    account();
    if (m_context.isOverBuffered())
        handleLost(TransportEnd::Reset);
}

size_t BufferedTransport::bytesPending() const { return m_out.size() - m_outBegin + backlog(); }

void BufferedTransport::sendNow(std::span<const std::span<const char>> pieces)
{
    if (m_state != State::Open)
        return;
    if (m_mustWait || pieces.size() >= kMaxPieces || !takesPieces()) {
        for (const std::span<const char> piece : pieces)
            write(piece);
        flush();
        return;
    }
    size_t count = 0;
    Moved moved = Moved::Some;
    if (m_out.empty()) {
        moved = sendPieces(pieces, count);
    } else {
        std::array<std::span<const char>, kMaxPieces> all;
        all[0] = std::span(m_out).subspan(m_outBegin);
        std::ranges::copy(pieces, all.begin() + 1);
        moved = sendPieces(std::span(all).first(pieces.size() + 1), count);
        m_context.flushQueue().remove(this);
    }
    m_context.countSent(qint64(count));
    const size_t ofOut = std::min(count, m_out.size() - m_outBegin);
    m_outBegin += ofOut;
    count -= ofOut;
    m_mustWait = true; // for write(): whatever is left now waits
    for (const std::span<const char> piece : pieces) {
        write(piece.subspan(std::min(count, piece.size())));
        count -= std::min(count, piece.size());
    }
    m_mustWait = false;
    handleSent(moved);
}

void BufferedTransport::flush()
{
    if (!m_mustWait)
        flushOut();
}

void BufferedTransport::flushOut()
{
    if (m_state != State::Open && m_state != State::Closing)
        return;
    Moved moved = Moved::Some;
    while (moved == Moved::Some && m_outBegin < m_out.size()) {
        size_t count = 0;
        moved = send(std::span(m_out).subspan(m_outBegin), count);
        m_outBegin += count;
        m_context.countSent(qint64(count));
    }
    handleSent(moved);
}

void BufferedTransport::handleSent(Moved moved)
{
    if (m_state == State::Ending)
        return;
    if (moved == Moved::Lost) {
        handleLost(TransportEnd::Reset);
        return;
    }
    const size_t left = m_out.size() - m_outBegin;
    if (left == 0)
        releaseOut();
    else if (m_outBegin > left) // so that a slow reader cannot make what has been sent pile up
        m_out.erase(0, std::exchange(m_outBegin, 0));
    account();
    const bool mustWait = left > 0 || backlog() > 0;
    if (mustWait != m_mustWait) {
        m_mustWait = mustWait;
        setWriteInterest(mustWait);
    }
    if (mustWait && m_context.isOverBuffered()) {
        handleLost(TransportEnd::Reset);
    } else if (!mustWait && m_state == State::Closing && !m_hasFinishedWriting) {
        m_hasFinishedWriting = true;
        if (!m_isPeerSilent)
            finishWriting();
        if (m_isPeerSilent || m_peerFinished)
            handleLost(TransportEnd::Closed);
    }
}

void BufferedTransport::handleWritable()
{
    if (!m_mustWait)
        return;
    flushOut();
    if (!m_mustWait && m_state == State::Open && m_handler)
        m_handler->handleDrained();
}

void BufferedTransport::releaseOut()
{
    if (!m_out.empty())
        m_context.giveBuffer(std::exchange(m_out, {}));
    m_outBegin = 0;
    account();
}

void BufferedTransport::account()
{
    const size_t left = m_out.size() - m_outBegin;
    if (left != m_accounted)
        m_context.buffered(qint64(left) - qint64(std::exchange(m_accounted, left)));
}

} // namespace Rollcall

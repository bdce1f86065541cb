// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/websocketsession.h"

#include <simdjson.h>

#include <utility>

namespace Rollcall::Realtime {

namespace {

/// Empty fragments cost us more than the peer, so there is an end to them.
constexpr quint32 kMaxFragments = 65536;

} // namespace

WebSocketSession::Handler::~Handler() = default;

WebSocketSession::WebSocketSession(std::unique_ptr<Transport> transport, Handler &handler,
                                   const Limits &limits)
    : m_transport(std::move(transport))
    , m_handler(handler)
    , m_limits(limits)
{
    m_transport->setHandler(this);
}

WebSocketSession::~WebSocketSession() = default;

void WebSocketSession::send(std::span<const char> frames)
{
    if (m_state != State::Open)
        return;
    m_bytesSent += frames.size();
    m_transport->write(frames);
}

void WebSocketSession::sendNow(std::span<const std::span<const char>> pieces)
{
    if (m_state != State::Open)
        return;
    for (const std::span<const char> piece : pieces)
        m_bytesSent += piece.size();
    m_transport->sendNow(pieces);
}

void WebSocketSession::ping()
{
    static constexpr char kPing[] = {char(0x89), 0};
    m_handler.handleSending();
    send(kPing);
}

void WebSocketSession::close(CloseCode code)
{
    if (m_state != State::Open)
        return;
    sendClose(code);
    m_state = State::Closing;
    m_fragments.reset();
}

void WebSocketSession::abort()
{
    m_state = State::Closed;
    m_transport->abort();
}

size_t WebSocketSession::handleBytes(std::span<char> bytes)
{
    size_t used = 0;
    while (m_state != State::Closed) {
        const std::span<char> rest = bytes.subspan(used);
        const FrameParse frame = parseFrameHeader(rest, m_limits.message);
        if (frame.status == FrameStatus::Refused)
            fail(frame.refusal);
        const size_t size = frame.header.size + frame.header.payloadSize;
        if (frame.status != FrameStatus::Complete || rest.size() < size)
            break;
        used += size;
        m_bytesReceived += size;
        const std::span<char> payload = rest.subspan(frame.header.size, frame.header.payloadSize);
        unmask(payload, frame.header.mask);
        handleFrame(frame.header, payload);
    }
    return m_state == State::Closed ? bytes.size() : used;
}

void WebSocketSession::handleEnd(TransportEnd)
{
    if (std::exchange(m_state, State::Closed) == State::Open)
        m_handler.handleClosing(CloseCode::Abnormal, true);
    m_handler.handleGone(); // destroys this
}

void WebSocketSession::handleFrame(const FrameHeader &header, std::span<char> payload)
{
    if (isControl(header.opcode))
        handleControlFrame(header, payload);
    else if (m_state == State::Open) // RFC 6455 5.5.1: data behind our Close is of no interest
        handleDataFrame(header, payload);
}

void WebSocketSession::handleControlFrame(const FrameHeader &header, std::span<char> payload)
{
    if (header.opcode == Opcode::Close) {
        handleCloseFrame(payload);
    } else if (m_state != State::Open) {
        return;
    } else if (header.opcode == Opcode::Pong) {
        m_handler.handlePong();
    } else if (m_handler.allowsPing()) {
        char pong[kMaxServerHeader];
        const size_t size = encodeHeaderBefore(pong + sizeof pong, Opcode::Pong, payload.size());
        m_handler.handleSending();
        send(std::span(pong + sizeof pong - size, size));
        send(payload);
    }
}

void WebSocketSession::handleCloseFrame(std::span<char> payload)
{
    const auto close = parseClosePayload({payload.data(), qsizetype(payload.size())});
    if (!close)
        return fail(CloseCode::ProtocolViolation);
    if (!simdjson::validate_utf8(close->reason.data(), size_t(close->reason.size())))
        return fail(CloseCode::InvalidPayload);
    const State before = m_state;
    if (before == State::Open)
        sendClose(close->code);
    m_state = State::Closed;
    m_transport->close(m_limits.closeDeadline);
    if (before == State::Open)
        m_handler.handleClosing(close->code, true);
}

void WebSocketSession::handleDataFrame(const FrameHeader &header, std::span<char> payload)
{
    const bool isContinuation = header.opcode == Opcode::Continuation;
    if (isContinuation != (m_fragments != nullptr))
        return fail(CloseCode::ProtocolViolation);
    if (isContinuation || !header.isFinal)
        return handleFragment(header, payload);
    const bool isBinary = header.opcode == Opcode::Binary;
    if (!isBinary && !simdjson::validate_utf8(payload.data(), payload.size()))
        return fail(CloseCode::InvalidPayload);
    m_handler.handleMessage(payload, isBinary);
}

void WebSocketSession::handleFragment(const FrameHeader &header, std::span<char> payload)
{
    if (!m_fragments) {
        m_fragments = std::make_unique<Fragments>();
        m_fragments->isBinary = header.opcode == Opcode::Binary;
    }
    if (++m_fragments->count > kMaxFragments
        || m_fragments->bytes.size() + payload.size() > m_limits.message)
        return fail(CloseCode::MessageTooBig);
    if (!m_fragments->isBinary && !m_fragments->utf8.append(payload))
        return fail(CloseCode::InvalidPayload);
    m_fragments->bytes.insert(m_fragments->bytes.end(), payload.begin(), payload.end());
    if (!header.isFinal)
        return;
    const std::unique_ptr<Fragments> whole = std::exchange(m_fragments, nullptr);
    if (!whole->isBinary && !whole->utf8.isComplete())
        return fail(CloseCode::InvalidPayload);
    m_handler.handleMessage(whole->bytes, whole->isBinary);
}

void WebSocketSession::fail(CloseCode code)
{
    const State before = m_state;
    if (before == State::Open)
        sendClose(code);
    m_state = State::Closed;
    m_transport->close(m_limits.closeDeadline);
    if (before == State::Open)
        m_handler.handleClosing(code, false);
}

void WebSocketSession::sendClose(CloseCode code)
{
    std::array<char, 127> frame;
    m_handler.handleSending();
    send(std::span(frame.data(), encodeCloseFrame(frame, code)));
}

} // namespace Rollcall::Realtime

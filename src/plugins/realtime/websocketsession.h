// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/transport.h"
#include "plugins/realtime/utf8validator.h"
#include "plugins/realtime/websocketframe.h"

#include <chrono>
#include <memory>
#include <vector>

namespace Rollcall::Realtime {

/// The server's side of one WebSocket (RFC 6455) on a Transport: messages out of frames, pings
/// answered, the close handshake, and a Close with the right code for a peer that breaks the rules.
///
/// It has no timers: whoever owns it calls abort() when the close handshake takes too long.
class WebSocketSession final : public TransportHandler
{
public:
    /// What a session tells its owner. The owner may call close(), and destroys the session only in
    /// handleGone().
    class Handler
    {
    public:
        virtual ~Handler();
        /// A whole message; text is valid UTF-8. The bytes may be written to.
        virtual void handleMessage(std::span<char> message, bool isBinary) = 0;
        virtual void handlePong() = 0;
        /// A control frame of the session's own is about to follow what was sent. More may be sent
        /// now.
        virtual void handleSending() { }
        /// A ping has come. False: there were too many, it stays unanswered.
        virtual bool allowsPing() = 0;
        /// The out-buffer is empty again, after it had to wait.
        virtual void handleDrained() = 0;
        /// Once, unless close() came first: the peer closed (its code), broke a rule (ours), or is
        /// gone without a word (Abnormal). No message follows.
        virtual void handleClosing(CloseCode code, bool isByPeer) = 0;
        /// Once, last: the transport has ended.
        virtual void handleGone() = 0;
    };

    struct Limits
    {
        size_t message = 4096; ///< bytes of a message, and so of a frame
        std::chrono::milliseconds closeDeadline{5000}; ///< of the transport's close
    };

    enum class State : quint8 {
        Open,
        Closing, ///< our Close is out, the peer's is not here yet
        Closed, ///< no more frames either way
    };

    /// `handler` and `limits` are borrowed and outlive the session.
    WebSocketSession(std::unique_ptr<Transport> transport, Handler &handler, const Limits &limits);
    ~WebSocketSession() override;

    State state() const { return m_state; }
    /// Complete frames, as they go out.
    void send(std::span<const char> frames);
    /// The same, at once; see Transport.
    void sendNow(std::span<const std::span<const char>> pieces);
    void flush() { m_transport->flush(); }
    void ping();
    /// Starts the close handshake. A peer that knows nothing of us any more is left to abort().
    void close(CloseCode code);
    void abort();

    size_t bytesPending() const { return m_transport->bytesPending(); }
    bool isWaiting() const { return m_transport->isWaiting(); }
    quint64 bytesReceived() const { return m_bytesReceived; }
    quint64 bytesSent() const { return m_bytesSent; }

    size_t handleBytes(std::span<char> bytes) override;
    void handleDrained() override { m_handler.handleDrained(); }
    void handleEnd(TransportEnd end) override;

private:
    void handleFrame(const FrameHeader &header, std::span<char> payload);
    void handleControlFrame(const FrameHeader &header, std::span<char> payload);
    void handleCloseFrame(std::span<char> payload);
    void handleDataFrame(const FrameHeader &header, std::span<char> payload);
    void handleFragment(const FrameHeader &header, std::span<char> payload);
    void fail(CloseCode code);
    void sendClose(CloseCode code);

    struct Fragments
    {
        std::vector<char> bytes;
        quint32 count = 0;
        Utf8Validator utf8;
        bool isBinary = false;
    };

    std::unique_ptr<Transport> m_transport;
    Handler &m_handler;
    const Limits &m_limits;
    std::unique_ptr<Fragments> m_fragments; ///< only inside a fragmented message
    quint64 m_bytesReceived = 0;
    quint64 m_bytesSent = 0;
    State m_state = State::Open;
};

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/admission.h"
#include "core/edge/deadlinesweep.h"
#include "core/edge/deferredcalls.h"
#include "core/edge/flushqueue.h"
#include "core/edge/transport.h"

#include <memory>
#include <string>

namespace Rollcall {

class TransportContext;

/// What plain and TLS transports have in common: leftovers, the out-buffer, the way to the end.
///
/// A subclass moves bytes and reports handleReadable(), handleWritable() and handleLost() from the
/// loop. While nothing waits, it costs this object and the subclass' descriptor and notifier: both
/// buffers are empty.
class BufferedTransport : public Transport, private Flushable, private DeferredCall
{
public:
    BufferedTransport(TransportContext &context, AdmissionTicket ticket, const QHostAddress &peer,
                      quint16 peerPort);
    ~BufferedTransport() override;

    void setHandler(TransportHandler *handler) override;
    using Transport::write;
    void write(std::span<const char> bytes) override;
    void sendNow(std::span<const std::span<const char>> pieces) override;
    void flush() override;
    size_t bytesPending() const override;
    bool isWaiting() const override { return m_mustWait; }
    void setReading(bool isReading) override;
    void close(std::chrono::milliseconds deadline) override;
    /// The same for a peer that has said that it sends nothing more: where the socket can, without
    /// waiting for its side. A peer that sends all the same sees a reset.
    void closeForSilentPeer(std::chrono::milliseconds deadline);
    void abort() override;
    QHostAddress peerAddress() const override { return m_peer; }
    quint16 peerPort() const override { return m_peerPort; }

    /// The connection's place in the limits. Its address may become another one behind a proxy.
    AdmissionTicket &ticket() { return m_ticket; }
    virtual bool isSecure() const = 0;

protected:
    enum class Moved { Some, Nothing, Finished, Lost };

    /// Reads up to the span's size. Finished: the peer has finished its side.
    virtual Moved receive(std::span<char> into, size_t &count) = 0;
    /// Takes what it can of the bytes; Nothing (or less than all): handleWritable() follows.
    virtual Moved send(std::span<const char> bytes, size_t &count) = 0;
    /// The same of at most kMaxPieces pieces, for those who can do that in one call.
    static constexpr size_t kMaxPieces = 32;
    virtual bool takesPieces() const { return false; }
    virtual Moved sendPieces(std::span<const std::span<const char>>, size_t &)
    {
        return Moved::Nothing;
    }
    /// Bytes that send() took but the kernel did not yet.
    virtual size_t backlog() const { return 0; }
    /// Be told when there is something to read. The subclass may report more than that.
    virtual void setReadInterest(bool isWanted) = 0;
    virtual void setWriteInterest(bool isWanted) = 0;
    /// FIN, everything has been sent.
    virtual void finishWriting() = 0;
    /// drop() without an abort delivers what was sent before, and FIN.
    virtual bool dropsInOrder() const { return false; }
    /// Closes at once; with an RST if `isAbort`.
    virtual void drop(bool isAbort) = 0;

    /// Each may destroy this transport before it returns.
    void handleReadable();
    void handleWritable();
    /// Ends in the next loop turn; may be called from inside send() and receive().
    void handleLost(TransportEnd end);

private:
    enum class State : quint8 {
        Open,
        Closing, ///< close() was called, or the peer finished while bytes were pending
        Ending, ///< the socket is gone, the handler does not know yet
        Ended,
    };

    void runDeferred() override;
    void flushOut();
    void handleSent(Moved moved);
    void deliver(std::span<char> bytes);
    void keep(std::span<const char> bytes);
    void forgetLeft();
    void releaseOut();
    void account();
    void updateInterest();
    void startClosing(std::chrono::milliseconds deadline);
    void end(TransportEnd end);

    TransportContext &m_context;
    TransportHandler *m_handler = nullptr;
    std::string m_out; // from m_outBegin on: not yet sent
    std::string m_left; // read, but not used up
    std::unique_ptr<Deadline> m_closeDeadline;
    AdmissionTicket m_ticket;
    QHostAddress m_peer;
    size_t m_outBegin = 0;
    size_t m_accounted = 0; // of m_out, in the context's account
    quint16 m_peerPort;
    State m_state = State::Open;
    TransportEnd m_end = TransportEnd::Closed;
    bool m_isReading = true;
    bool m_mustWait = false; // for handleWritable()
    bool m_peerFinished = false;
    bool m_hasFinishedWriting = false;
    bool m_isPeerSilent = false; // nothing more comes: no need to read to its end
};

} // namespace Rollcall

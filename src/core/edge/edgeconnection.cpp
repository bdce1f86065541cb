// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/edgeconnection.h"

#include "core/edge/transportcontext.h"

namespace Rollcall {

namespace {

// A client that sends requests but does not read answers is read no further above this.
constexpr size_t kMaxUnsentBytes = 64 << 10;

} // namespace

EdgeConnection::EdgeConnection(EdgeConnectionOwner &owner, TransportContext &context,
                               std::unique_ptr<BufferedTransport> transport)
    : m_owner(owner)
    , m_context(context)
    , m_transport(std::move(transport))
    , m_deadline(context.deadlines(), [this] { handleDeadline(); })
{
    m_transport->setHandler(this);
    m_deadline.start(owner.httpLimits().headDeadline);
}

EdgeConnection::~EdgeConnection()
{
    m_context.deferredCalls().remove(this);
    forgetBody();
}

std::unique_ptr<BufferedTransport> EdgeConnection::takeTransport()
{
    m_transport->setHandler(nullptr);
    m_transport->setReading(true);
    return std::move(m_transport);
}

size_t EdgeConnection::handleBytes(std::span<char> bytes)
{
    m_isParsing = true;
    size_t used = 0;
    while (used < bytes.size() && !m_isPaused) {
        size_t count = 0;
        if (m_state == State::Body)
            count = readBody(bytes.subspan(used));
        else if (m_state == State::Idle || m_state == State::Head)
            count = readHead(bytes.subspan(used));
        if (count == 0)
            break;
        used += count;
    }
    m_isParsing = false;
    return m_state == State::Closing ? bytes.size() : used;
}

size_t EdgeConnection::readHead(std::span<const char> bytes)
{
    const HttpLimits &limits = m_owner.httpLimits();
    if (m_state == State::Idle) {
        m_state = State::Head;
        m_deadline.start(limits.headDeadline);
    }
    m_scan = scanHead(bytes, m_scan);
    HeadError error = checkScan(bytes, m_scan, limits);
    if (error.status == 0 && m_scan.state == HeadScan::State::Incomplete)
        return 0;
    if (error.status == 0)
        error = parseHead(bytes.first(m_scan.end), limits, m_head);
    if (error.status != 0) {
        refuse(error.status, error.reason);
        return 0;
    }
    const size_t used = m_scan.end;
    beginBody();
    return used;
}

void EdgeConnection::beginBody()
{
    const bool hasBody = m_head.body != RequestHead::Body::None;
    if (m_head.isUpgrade) {
        if (hasBody) {
            refuse(400, "a handshake has no body");
            return;
        }
        // Not from here: whoever takes the transport may destroy it, while it is in the middle of a
        // read.
        m_state = State::Upgrading;
        m_deadline.stop();
        m_transport->setReading(false);
        m_context.deferredCalls().add(this);
    } else if (hasBody) {
        m_state = State::Body;
        m_deadline.start(m_owner.httpLimits().bodyDeadline);
        if (m_head.body == RequestHead::Body::Chunked)
            m_chunks = std::make_unique<ChunkedDecoder>(m_owner.httpLimits().maxBodyBytes);
        if (m_head.expectsContinue)
            m_transport->write(QByteArray("HTTP/1.1 100 Continue\r\n\r\n"));
    } else {
        dispatch();
    }
}

size_t EdgeConnection::readBody(std::span<const char> bytes)
{
    const qsizetype before = m_body.size();
    size_t used = 0;
    bool isComplete = false;
    if (m_chunks) {
        used = m_chunks->feed(bytes, m_body);
        if (m_chunks->state() == ChunkedDecoder::State::Malformed) {
            refuse(400, "malformed chunked body");
            return 0;
        }
        if (m_chunks->state() == ChunkedDecoder::State::TooLarge) {
            refuse(413, "the body is too large");
            return 0;
        }
        isComplete = m_chunks->state() == ChunkedDecoder::State::Complete;
    } else {
        used = std::min(bytes.size(), size_t(m_head.contentLength - m_body.size()));
        m_body.append(bytes.data(), qsizetype(used));
        isComplete = m_body.size() == m_head.contentLength;
    }
    m_context.buffered(m_body.size() - before);
    if (m_context.isOverBuffered())
        refuse(503, "too much is being sent to this server");
    else if (isComplete)
        dispatch();
    return m_state == State::Closing ? 0 : used;
}

void EdgeConnection::dispatch()
{
    m_state = State::Handling;
    m_chunks.reset();
    m_deadline.stop();
    m_owner.handleRequest(*this);
    if (m_state == State::Handling)
        m_transport->setReading(false);
}

void EdgeConnection::send(const HttpResponse &response, HttpFraming framing)
{
    if (m_state != State::Handling && m_state != State::Upgrading)
        return;
    framing.minorVersion = m_head.minorVersion;
    framing.keepAlive = framing.keepAlive && m_head.keepAlive;
    framing.withoutBody = m_head.method == "HEAD" || !statusHasBody(response.status);
    m_transport->write(encodeHead(response, framing));
    if (!framing.withoutBody)
        m_transport->write(response.body);
    if (framing.keepAlive)
        awaitRequest();
    else
        startClosing(
            !m_head.keepAlive); // who asked for the close sends nothing more (RFC 9112 9.6)
}

void EdgeConnection::awaitRequest()
{
    m_head = {};
    m_scan = {};
    forgetBody();
    m_exchange = 0;
    m_state = State::Idle;
    m_deadline.start(m_owner.httpLimits().idleTimeout);
    if (m_transport->bytesPending() > kMaxUnsentBytes) {
        m_isPaused = true;
        m_transport->setReading(false);
        m_context.deferredCalls().add(this);
    } else if (!m_isParsing) {
        m_transport->setReading(true);
    }
}

void EdgeConnection::runDeferred()
{
    if (m_state == State::Upgrading) {
        m_owner.handleUpgrade(*this); // may destroy this
    } else if (m_isPaused) {
        m_context.flushQueue().flushAll();
        if (m_transport->bytesPending() == 0)
            handleDrained();
    }
}

void EdgeConnection::handleDrained()
{
    if (!m_isPaused)
        return;
    m_isPaused = false;
    if (m_state == State::Idle) {
        m_deadline.start(m_owner.httpLimits().idleTimeout);
        m_transport->setReading(true);
    }
}

void EdgeConnection::handleEnd(TransportEnd) { m_owner.handleConnectionEnd(*this); }

void EdgeConnection::handleDeadline()
{
    const bool hasBegun = m_state == State::Body || (m_state == State::Head && m_scan.scanned > 0);
    if (hasBegun)
        refuse(408, "the request took too long");
    else
        startClosing();
}

void EdgeConnection::refuse(int status, const char *reason)
{
    m_owner.handleRefusal(status);
    const HttpResponse response = problemResponse(status, QString::fromLatin1(reason));
    m_transport->write(encodeHead(response, {.keepAlive = false, .date = m_owner.dateHeader()}));
    if (m_head.method != "HEAD")
        m_transport->write(response.body);
    startClosing();
}

void EdgeConnection::startClosing(bool isPeerSilent)
{
    m_state = State::Closing;
    m_deadline.stop();
    m_chunks.reset();
    forgetBody();
    if (isPeerSilent) {
        m_transport->closeForSilentPeer(m_owner.lingerDeadline());
        return;
    }
    // What still comes is read and thrown away, or the peer would see a reset.
    m_transport->setReading(true);
    m_transport->close(m_owner.lingerDeadline());
}

void EdgeConnection::forgetBody()
{
    m_context.buffered(-m_body.size());
    m_body = {};
}

} // namespace Rollcall

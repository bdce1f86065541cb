// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisconnection_p.h"

#include "core/redis/redislogging_p.h"
#include "core/redis/redisreader_p.h"
#include "core/redis/redissocket_p.h"

#include <QRandomGenerator>

#include <algorithm>
#include <array>

namespace Rollcall {

using namespace std::chrono_literals;

namespace {

/// hiredis moves the rest of its buffer forward after every kilobyte of replies: small feeds keep
/// that cheap.
constexpr qint64 kFeedSize = 16 * 1024;
constexpr std::chrono::milliseconds kLocalBackoffMax = 500ms;
constexpr auto kQuietStart = 1s;
/// So much goes out at once, before the loop turn ends: Redis has something to do meanwhile.
constexpr qsizetype kFullWrite = 32 * 1024;

/// The server said so itself: this connection will not do.
bool asksForReconnect(QByteArrayView code)
{
    return code == "READONLY" || code == "MASTERDOWN" || code == "LOADING";
}

} // namespace

RedisConnection::Handler::~Handler() = default;

RedisConnection::RedisConnection(const RedisOptions &options, Clock &clock, Handler &handler,
                                 const QString &purpose)
    : m_options(options)
    , m_clock(clock)
    , m_handler(handler)
    , m_purpose(purpose)
    , m_retryTimer(clock.createTimer([this] { attempt(); }))
    , m_connectTimer(clock.createTimer([this] {
        drop(QStringLiteral("no answer within %1 ms").arg(m_options.connectDeadline.count()));
    }))
    , m_pingTimer(clock.createTimer([this] { sendPing(); }))
    , m_pongTimer(clock.createTimer([this] { checkPong(); }))
{ }

RedisConnection::~RedisConnection() { close(); }

void RedisConnection::start()
{
    if (m_state != State::Stopped)
        return;
    m_backoff = 0ms;
    m_loggedReason.clear();
    m_downSince = m_clock.now();
    m_reason = QStringLiteral("connecting");
    attempt();
}

void RedisConnection::stop()
{
    const bool wasReady = m_state == State::Ready;
    m_state = State::Stopped; // from here on drop() does nothing
    if (wasReady)
        flush();
    close();
    m_retryTimer->stop();
    m_reason = QStringLiteral("stopped");
}

QString RedisConnection::reason() const
{
    return m_state == State::Ready ? QString()
        : m_reason.isEmpty()       ? QStringLiteral("not started")
                                   : m_reason;
}

void RedisConnection::attempt()
{
    m_state = State::Connecting;
    m_reader = std::make_unique<RedisReader>(m_options.maxReplyBytes, m_options.maxReplyElements);
    m_socket = std::make_unique<RedisSocket>();
    const quint64 current = ++m_attempt;
    connect(m_socket.get(), &RedisSocket::connected, this, &RedisConnection::beginHandshake);
    connect(m_socket.get(), &RedisSocket::readyRead, this, &RedisConnection::readAvailable);
    connect(m_socket.get(), &RedisSocket::failed, this, [this, current](const QString &reason) {
        if (!m_isAppending) {
            handleFailure(current, reason);
            return;
        }
        // Whoever appends does not expect that the connection is lost meanwhile.
        QMetaObject::invokeMethod(
            this, [this, current, reason] { handleFailure(current, reason); },
            Qt::QueuedConnection);
    });
    m_connectTimer->startOnce(m_options.connectDeadline);
    if (m_options.socket == RedisOptions::Socket::Unix) {
        if (const auto fits = RedisOptions::checkUnixPath(m_options.host); !fits) {
            drop(fits.error().logText, Retry::Slowly);
            return;
        }
    }
    m_socket->open(m_options);
}

void RedisConnection::handleFailure(quint64 attempt, const QString &reason)
{
    if (attempt == m_attempt)
        readAvailable(); // a server that refuses says why, then closes
    if (attempt == m_attempt)
        drop(reason);
}

void RedisConnection::close()
{
    ++m_attempt;
    m_connectTimer->stop();
    m_pingTimer->stop();
    m_pongTimer->stop();
    m_isPingOutstanding = false;
    m_output = {};
    if (m_socket) {
        m_socket->disconnect(this);
        m_socket.release()->deleteLater(); // it may be the one that is calling
    }
    m_reader.reset();
}

void RedisConnection::drop(const QString &reason, Retry retry)
{
    if (m_state == State::Stopped || m_state == State::Waiting)
        return;
    const bool wasReady = m_state == State::Ready;
    // One that dies as soon as it is up must not be made again at full speed.
    if (wasReady && m_clock.now() - m_readySince > longestBackoff())
        m_backoff = 0ms;
    close();
    m_state = State::Waiting;
    m_reason = reason;
    if (wasReady)
        m_downSince = m_clock.now();
    logOutage(reason, wasReady, retry);
    m_retryTimer->startOnce(retry == Retry::Slowly ? m_options.refusedBackoff : nextBackoff());
    if (wasReady)
        m_handler.handleLost(reason);
}

std::chrono::milliseconds RedisConnection::longestBackoff() const
{
    return m_options.isLocal() ? std::min(m_options.backoffMax, kLocalBackoffMax)
                               : m_options.backoffMax;
}

std::chrono::milliseconds RedisConnection::nextBackoff()
{
    m_backoff = std::clamp(m_backoff * 2, m_options.backoffMin,
                           std::max(longestBackoff(), m_options.backoffMin));
    const auto half = m_backoff / 2;
    return half
        + std::chrono::milliseconds(QRandomGenerator::global()->bounded(qint64(half.count() + 1)));
}

void RedisConnection::logOutage(const QString &reason, bool wasReady, Retry retry)
{
    // One line per outage, and none for a server that is merely still starting.
    const bool isRefused = retry == Retry::Slowly && reason != m_loggedReason;
    const bool isLasting = m_loggedReason.isEmpty() && m_clock.now() - m_downSince >= kQuietStart;
    if (!wasReady && !isRefused && !isLasting)
        return;
    m_loggedReason = reason;
    qCWarning(lcRedis).noquote() << QStringLiteral("redis: %1 to %2: %3; trying again")
                                        .arg(m_purpose, m_options.displayName(), reason);
}

void RedisConnection::beginHandshake()
{
    m_state = State::Handshake;
    m_output = m_handshake.begin(m_options);
    flush();
}

void RedisConnection::readAvailable()
{
    const QPointer<RedisConnection> self(this);
    const quint64 current = m_attempt;
    std::array<char, kFeedSize> chunk;
    while (m_socket) {
        const qint64 size = m_socket->read(chunk.data(), qint64(chunk.size()));
        if (size <= 0)
            return;
        m_lastReceived = m_clock.now();
        m_reader->feed(QByteArrayView(chunk.data(), size));
        RedisReply reply;
        while (m_reader->take(reply)) {
            if (m_state == State::Handshake)
                handleHandshakeReply(reply);
            else if (m_state == State::Ready)
                handleReadyReply(std::move(reply));
            if (!self || current != m_attempt)
                return;
        }
        if (m_reader->hasFailed()) {
            drop(QString(m_reader->failure())); // a copy: drop() ends the reader
            return;
        }
    }
}

void RedisConnection::handleHandshakeReply(const RedisReply &reply)
{
    switch (m_handshake.take(reply)) {
    case RedisHandshake::State::Going:
        break;
    case RedisHandshake::State::Done:
        becomeReady();
        break;
    case RedisHandshake::State::Failed:
        drop(m_handshake.failure(), m_handshake.isRefused() ? Retry::Slowly : Retry::Soon);
    }
}

void RedisConnection::becomeReady()
{
    m_state = State::Ready;
    ++m_connects;
    m_connectTimer->stop();
    m_readySince = m_lastPingTurn = m_clock.now();
    m_pingTimer->startRepeating(m_options.pingInterval);
    m_loggedReason.clear();
    m_handler.handleReady();
}

void RedisConnection::handleReadyReply(RedisReply &&reply)
{
    const QPointer<RedisConnection> self(this);
    const quint64 current = m_attempt;
    const QByteArray code = reply.errorCode();
    QString reason;
    if (asksForReconnect(code) || isRedisRefusal(code))
        reason = QString::fromUtf8(reply.text.left(200));
    m_handler.handleReply(std::move(reply));
    if (self && current == m_attempt && !reason.isEmpty())
        drop(reason, isRedisRefusal(code) ? Retry::Slowly : Retry::Soon);
}

void RedisConnection::sendPing()
{
    const auto now = m_clock.now();
    // This process stood still (stopped, swapped out): what came meanwhile has not been read yet.
    if (now - m_lastPingTurn > 2 * m_options.pingInterval)
        m_lastReceived = now;
    m_lastPingTurn = now;
    if (m_isPingOutstanding)
        return;
    m_isPingOutstanding = true;
    m_pingSent = now;
    m_pongTimer->startOnce(m_options.pingDeadline);
    m_handler.handlePingDue();
}

void RedisConnection::checkPong()
{
    // A PING behind a long pipeline waits its turn; as long as answers come the server lives.
    const auto silence = m_clock.now() - std::max(m_pingSent, m_lastReceived);
    if (silence >= m_options.pingDeadline) {
        drop(QStringLiteral("no answer to PING within %1 ms").arg(m_options.pingDeadline.count()));
        return;
    }
    m_pongTimer->startOnce(
        std::chrono::ceil<std::chrono::milliseconds>(m_options.pingDeadline - silence));
}

std::chrono::microseconds RedisConnection::pingAnswered()
{
    m_isPingOutstanding = false;
    m_pongTimer->stop();
    return std::chrono::duration_cast<std::chrono::microseconds>(m_clock.now() - m_pingSent);
}

bool RedisConnection::append(std::span<const QByteArrayView> arguments)
{
    if (!isReady() || arguments.empty())
        return false;
    m_output.command(arguments);
    scheduleFlush();
    return true;
}

bool RedisConnection::append(const RedisBatch &batch)
{
    if (!isReady() || batch.isEmpty())
        return false;
    m_output.append(batch);
    scheduleFlush();
    return true;
}

void RedisConnection::scheduleFlush()
{
    if (m_output.bytes().size() >= kFullWrite) {
        m_isAppending = true;
        flush();
        m_isAppending = false;
    } else if (!std::exchange(m_isFlushScheduled, true)) {
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_isFlushScheduled = false;
                flush();
            },
            Qt::QueuedConnection);
    }
}

void RedisConnection::flush()
{
    if (!m_socket || m_output.isEmpty())
        return;
    ++m_writes;
    m_socket->write(m_output.takeBytes());
}

qint64 RedisConnection::bufferedBytes() const
{
    return m_output.bytes().size() + (m_socket ? m_socket->bytesToWrite() : 0);
}

} // namespace Rollcall

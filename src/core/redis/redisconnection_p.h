// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/redis/redisbatch.h"
#include "core/redis/redishandshake_p.h"
#include "core/redis/redisoptions.h"
#include "core/redis/redisreply.h"

#include <QObject>
#include <QPointer>

#include <memory>
#include <span>

namespace Rollcall {

class RedisReader;
class RedisSocket;

/// What the commands connection and the subscriptions connection have in common: connecting with
/// backoff, the handshake, reading replies, joined writes, and PINGs that tell a live server from
/// one that merely accepts.
///
/// Handler functions may stop or destroy the connection.
class RedisConnection : public QObject
{
    Q_OBJECT
public:
    class Handler
    {
    public:
        virtual ~Handler();
        /// The server has answered the first PING of a fresh connection.
        virtual void handleReady() = 0;
        virtual void handleReply(RedisReply &&reply) = 0;
        /// Append a PING, and call pingAnswered() at its answer.
        virtual void handlePingDue() = 0;
        /// After handleReady(): the connection is gone.
        virtual void handleLost(const QString &reason) = 0;
    };

    RedisConnection(const RedisOptions &options, Clock &clock, Handler &handler,
                    const QString &purpose);
    ~RedisConnection() override;

    void start();
    /// No handleLost() follows.
    void stop();
    enum class Retry { Soon, Slowly };
    void drop(const QString &reason, Retry retry = Retry::Soon);

    bool isReady() const { return m_state == State::Ready; }
    /// Why it is not ready; empty when it is.
    QString reason() const;
    /// Written by the end of the loop turn. Only when ready.
    bool append(std::span<const QByteArrayView> arguments);
    bool append(const RedisBatch &batch);
    std::chrono::microseconds pingAnswered();
    qint64 bufferedBytes() const;

    quint64 connects() const { return m_connects; }
    quint64 writes() const { return m_writes; }
    const RedisOptions &options() const { return m_options; }

private:
    enum class State { Stopped, Waiting, Connecting, Handshake, Ready };

    void attempt();
    void handleFailure(quint64 attempt, const QString &reason);
    void close();
    void beginHandshake();
    void handleHandshakeReply(const RedisReply &reply);
    void handleReadyReply(RedisReply &&reply);
    void becomeReady();
    void readAvailable();
    void sendPing();
    void checkPong();
    void flush();
    void scheduleFlush();
    std::chrono::milliseconds longestBackoff() const;
    std::chrono::milliseconds nextBackoff();
    void logOutage(const QString &reason, bool wasReady, Retry retry);

    const RedisOptions m_options;
    Clock &m_clock;
    Handler &m_handler;
    const QString m_purpose;

    State m_state = State::Stopped;
    std::unique_ptr<RedisSocket> m_socket;
    std::unique_ptr<RedisReader> m_reader;
    RedisHandshake m_handshake;
    RedisBatch m_output;
    bool m_isFlushScheduled = false;
    bool m_isAppending = false; // writes what is full
    quint64 m_attempt = 0; // tells a callback that the connection it read from is gone
    QString m_reason;
    QString m_loggedReason;

    std::unique_ptr<ClockTimer> m_retryTimer;
    std::unique_ptr<ClockTimer> m_connectTimer;
    std::unique_ptr<ClockTimer> m_pingTimer;
    std::unique_ptr<ClockTimer> m_pongTimer;
    std::chrono::milliseconds m_backoff{0};
    Clock::SteadyTime m_readySince;
    Clock::SteadyTime m_downSince;
    Clock::SteadyTime m_lastReceived;
    Clock::SteadyTime m_lastPingTurn;
    Clock::SteadyTime m_pingSent;
    bool m_isPingOutstanding = false;

    quint64 m_connects = 0;
    quint64 m_writes = 0;
};

} // namespace Rollcall

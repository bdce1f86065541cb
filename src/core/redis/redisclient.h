// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/export.h"
#include "core/redis/redisreply.h"

#include <QObject>
#include <QPointer>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <span>

namespace Rollcall {

class RedisBatch;
class RedisScript;
struct RedisOptions;

/// What a client has done since it was made.
struct RedisStatistics
{
    quint64 connects = 0; ///< connections that answered their first PING
    quint64 commands = 0;
    quint64 writes = 0; ///< system writes: commands / writes is how well pipelining works
    quint64 timeouts = 0;
    quint64 failures = 0; ///< not connected, connection lost, too many in flight
    std::map<QByteArray, quint64> errors; ///< by code; codes beyond the first 32 count as "other"
};

/// Runs with the reply, or with a Failure: exactly once, never from inside the call that took it.
/// Not at all when its context object (may be null) or the client died first.
using RedisCallback = std::function<void(const RedisReply &)>;
/// The same for a batch: one reply for each command, in order, or Failures for those that got none.
using RedisBatchCallback = std::function<void(const std::vector<RedisReply> &)>;

/// One connection to Redis for commands: pipelined, with deadlines, liveness and reconnects.
///
/// Commands are joined until the end of the loop turn and written with one write. While not up,
/// commands fail at once (Failure "not connected"): nothing is queued across an outage, because
/// state is resynchronised after it. Replies come in order. An answer READONLY, MASTERDOWN or
/// LOADING reaches its callback, and then the connection is dropped and made anew.
class ROLLCALL_CORE_EXPORT RedisClient : public QObject
{
    Q_OBJECT
public:
    /// `clock` must outlive the client.
    RedisClient(const RedisOptions &options, Clock &clock, QObject *parent = nullptr);
    ~RedisClient() override;

    /// Connects, and keeps trying until stop().
    void start();
    /// Writes what is waiting, fails what is unanswered and closes. No down() follows.
    void stop();
    /// Drops the connection and makes a new one.
    void reconnect(const QString &reason);
    /// The server has answered PING since this connection was made, and answers still.
    bool isUp() const;
    QString downReason() const;

    /// `deadline` 0: `redis.commandDeadline`. A late reply is dropped.
    void command(std::span<const QByteArrayView> arguments, QObject *context,
                 RedisCallback callback, std::chrono::milliseconds deadline = {});
    void command(std::initializer_list<QByteArrayView> arguments, QObject *context,
                 RedisCallback callback, std::chrono::milliseconds deadline = {})
    {
        command(std::span(arguments.begin(), arguments.size()), context, std::move(callback),
                deadline);
    }
    /// All commands of the batch, under one deadline: for many of them cheaper than one by one.
    void run(const RedisBatch &batch, QObject *context, RedisBatchCallback callback,
             std::chrono::milliseconds deadline = {});
    /// Without interest in the reply; an error is counted and logged once per kind.
    void send(std::initializer_list<QByteArrayView> arguments);
    void send(std::span<const QByteArrayView> arguments);
    /// EVALSHA; NOSCRIPT is answered by EVAL once, which then runs after the commands sent
    /// meanwhile.
    void evaluate(const RedisScript &script, std::span<const QByteArrayView> keys,
                  std::span<const QByteArrayView> arguments, QObject *context,
                  RedisCallback callback, std::chrono::milliseconds deadline = {});

    /// Not answered yet, for flow control of bulk writers.
    size_t commandsInFlight() const;
    quint64 commandsSent() const;
    const RedisStatistics &statistics() const;

Q_SIGNALS:
    /// PONG received on a fresh connection.
    void up();
    /// Was up and is not any more. Unanswered commands have failed already.
    void down(const QString &reason);
    /// At every answered PING.
    void roundTripMeasured(std::chrono::microseconds roundTrip);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace Rollcall

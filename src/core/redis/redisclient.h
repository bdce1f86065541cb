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
#include <memory>
#include <span>

namespace Rollcall {

class RedisScript;
struct RedisOptions;

/// Runs with the reply, or with a Failure. Always exactly once, unless its context object died first.
using RedisCallback = std::function<void(const RedisReply &)>;

/// One connection to Redis for commands: pipelined, with deadlines, liveness and reconnects.
///
/// Commands are joined until the end of the loop turn and written with one write. While not up, commands fail
/// at once (Failure "not connected"): nothing is queued across an outage, because state is resynchronised
/// after it. Replies come in order.
class ROLLCALL_CORE_EXPORT RedisClient : public QObject
{
    Q_OBJECT
public:
    /// `clock` must outlive the client.
    RedisClient(const RedisOptions &options, Clock &clock, QObject *parent = nullptr);
    ~RedisClient() override;

    /// Connects, and keeps trying until stop().
    void start();
    void stop();
    /// The server has answered PING since this connection was made, and answers still.
    bool isUp() const;
    QString downReason() const;

    /// `deadline` 0: `redis.commandDeadline`. A late reply is dropped.
    void command(std::span<const QByteArrayView> arguments, QObject *context, RedisCallback callback,
                 std::chrono::milliseconds deadline = {});
    void command(std::initializer_list<QByteArrayView> arguments, QObject *context, RedisCallback callback,
                 std::chrono::milliseconds deadline = {})
    {
        command(std::span(arguments.begin(), arguments.size()), context, std::move(callback), deadline);
    }
    /// Without interest in the reply; an error is counted and logged once per kind.
    void send(std::initializer_list<QByteArrayView> arguments);
    void send(std::span<const QByteArrayView> arguments);
    /// EVALSHA; NOSCRIPT is answered by EVAL once. `keys` come first.
    void evaluate(const RedisScript &script, std::span<const QByteArrayView> keys,
                  std::span<const QByteArrayView> arguments, QObject *context, RedisCallback callback,
                  std::chrono::milliseconds deadline = {});

    /// Bytes written and not answered yet, for flow control of bulk writers.
    size_t commandsInFlight() const;
    quint64 commandsSent() const;

Q_SIGNALS:
    /// PONG received on a fresh connection.
    void up();
    void down(const QString &reason);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Rollcall

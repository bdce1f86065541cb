// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisclient.h"

#include "core/redis/redisbatch.h"
#include "core/redis/redisclient_p.h"
#include "core/redis/redisscript.h"

namespace Rollcall {

namespace {

// Bytes: more are made room for.
constexpr qsizetype kUsualCall = 1024;

} // namespace

RedisClient::RedisClient(const RedisOptions &options, Clock &clock, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, options, clock))
{ }

RedisClient::~RedisClient() = default;

void RedisClient::start() { d->connection.start(); }

void RedisClient::stop()
{
    d->connection.stop();
    d->failUnanswered(QStringLiteral("stopped"));
}

void RedisClient::reconnect(const QString &reason) { d->connection.drop(reason); }

bool RedisClient::isUp() const { return d->connection.isReady(); }

QString RedisClient::downReason() const { return d->connection.reason(); }

void RedisClient::command(std::span<const QByteArrayView> arguments, QObject *context,
                          RedisCallback callback, std::chrono::milliseconds deadline)
{
    d->enqueue(arguments, context, std::move(callback), deadline);
}

void RedisClient::send(std::initializer_list<QByteArrayView> arguments)
{
    send(std::span(arguments.begin(), arguments.size()));
}

void RedisClient::send(std::span<const QByteArrayView> arguments)
{
    d->enqueue(arguments, nullptr, {}, {});
}

void RedisClient::run(const RedisBatch &batch, QObject *context, RedisBatchCallback callback,
                      std::chrono::milliseconds deadline)
{
    d->enqueue(batch, context, {}, std::move(callback), deadline);
}

void RedisClient::evaluate(const RedisScript &script, std::span<const QByteArrayView> keys,
                           std::span<const QByteArrayView> arguments, QObject *context,
                           RedisCallback callback, std::chrono::milliseconds deadline)
{
    const auto rest = qsizetype(1 + keys.size() + arguments.size());
    RedisBatch call;
    call.reserve(kUsualCall);
    call.begin(2 + rest).add("EVALSHA").add(script.sha1());
    const qsizetype restAt = call.bytes().size();
    call.addNumber(qint64(keys.size()));
    for (const QByteArrayView key : keys)
        call.add(key);
    for (const QByteArrayView argument : arguments)
        call.add(argument);
    const auto &options = d->connection.options();
    const auto until = d->clock.now() + (deadline.count() > 0 ? deadline : options.commandDeadline);

    auto handle = [this, until, callback = std::move(callback), call, rest, restAt,
                   source = script.source(),
                   context = QPointer<QObject>(context)](const RedisReply &reply) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - d->clock.now());
        if (reply.errorCode() != "NOSCRIPT" || left.count() <= 0) {
            if (callback)
                callback(reply);
            return;
        }
        RedisBatch again;
        again.begin(2 + rest).add("EVAL").add(source);
        again.addWritten(call.bytes().sliced(restAt), rest);
        d->enqueue(again, context, callback, {}, left);
    };
    d->enqueue(call, context, std::move(handle), {}, deadline);
}

size_t RedisClient::commandsInFlight() const { return d->inFlight(); }

quint64 RedisClient::commandsSent() const { return d->statistics.commands; }

const RedisStatistics &RedisClient::statistics() const
{
    d->statistics.writes = d->connection.writes();
    return d->statistics;
}

} // namespace Rollcall

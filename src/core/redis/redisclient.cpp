// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisclient.h"

#include "core/redis/redisclient_p.h"
#include "core/redis/redisscript.h"

namespace Rollcall {

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

void RedisClient::evaluate(const RedisScript &script, std::span<const QByteArrayView> keys,
                           std::span<const QByteArrayView> arguments, QObject *context,
                           RedisCallback callback, std::chrono::milliseconds deadline)
{
    const QByteArray keyCount = QByteArray::number(qsizetype(keys.size()));
    std::vector<QByteArrayView> command{"EVALSHA", script.sha1(), keyCount};
    command.insert(command.end(), keys.begin(), keys.end());
    command.insert(command.end(), arguments.begin(), arguments.end());

    std::vector<QByteArray> retry{"EVAL", script.source()};
    retry.reserve(command.size());
    for (auto it = command.begin() + 2; it != command.end(); ++it)
        retry.push_back(it->toByteArray());
    const auto &options = d->connection.options();
    const auto until = d->clock.now() + (deadline.count() > 0 ? deadline : options.commandDeadline);

    auto handle = [this, until, callback = std::move(callback), retry = std::move(retry),
                   context = QPointer<QObject>(context)](const RedisReply &reply) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - d->clock.now());
        if (reply.errorCode() != "NOSCRIPT" || left.count() <= 0) {
            if (callback)
                callback(reply);
            return;
        }
        const std::vector<QByteArrayView> again(retry.begin(), retry.end());
        d->enqueue(again, context, callback, left);
    };
    d->enqueue(command, context, std::move(handle), deadline);
}

size_t RedisClient::commandsInFlight() const { return d->inFlight(); }

quint64 RedisClient::commandsSent() const { return d->statistics.commands; }

const RedisStatistics &RedisClient::statistics() const
{
    d->statistics.writes = d->connection.writes();
    return d->statistics;
}

} // namespace Rollcall

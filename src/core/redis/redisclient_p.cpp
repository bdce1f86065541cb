// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisclient_p.h"

#include "core/redis/redislogging_p.h"

#include <algorithm>

namespace Rollcall {

namespace {

constexpr size_t kMaxErrorCodes = 32;

/// Codes become labels of metrics and go to the log: nothing else may.
bool isCode(const QByteArray &text)
{
    return !text.isEmpty() && text.size() <= 32
        && std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

RedisReply failure(const QByteArray &reason)
{
    RedisReply reply;
    reply.type = RedisReply::Type::Failure;
    reply.text = reason;
    return reply;
}

} // namespace

RedisClient::Private::Private(RedisClient &client, const RedisOptions &options, Clock &clock_)
    : q(client)
    , clock(clock_)
    , connection(options, clock_, *this, QStringLiteral("connection"))
    , m_deadlineTimer(clock_.createTimer([this] { expire(); }))
{ }

void RedisClient::Private::run(Pending &pending, const RedisReply &reply)
{
    if (!pending.isAwaited() || (pending.hasContext && !pending.context))
        return;
    if (pending.replies) {
        const auto batch = std::exchange(pending.replies, {});
        batch->replies.resize(batch->size, reply); // unanswered ones fail alike
        batch->callback(batch->replies);
        return;
    }
    const RedisCallback callback = std::exchange(pending.callback, {});
    callback(reply);
}

QString RedisClient::Private::refusal() const
{
    if (!connection.isReady())
        return QStringLiteral("not connected: ") + connection.reason();
    const RedisOptions &options = connection.options();
    if (qint64(m_inFlight) >= options.maxCommandsInFlight)
        return QStringLiteral("more than redis.maxCommandsInFlight wait for an answer");
    if (connection.bufferedBytes() > options.maxBufferedBytes)
        return QStringLiteral("more than redis.maxBufferedBytes wait to be written");
    return {};
}

void RedisClient::Private::enqueue(std::span<const QByteArrayView> arguments, QObject *context,
                                   RedisCallback callback, std::chrono::milliseconds deadline)
{
    Pending pending;
    pending.isQuiet = !callback;
    pending.callback = std::move(callback);
    pending.context = context;
    pending.hasContext = context != nullptr;
    if (const QString reason = refusal(); !reason.isEmpty()) {
        failLater(std::move(pending), reason.toUtf8());
        return;
    }
    if (!connection.append(arguments)) {
        failLater(std::move(pending), "the command is empty");
        return;
    }
    push(std::move(pending), deadline);
}

void RedisClient::Private::enqueue(const RedisBatch &batch, QObject *context,
                                   RedisCallback callback, RedisBatchCallback batchCallback,
                                   std::chrono::milliseconds deadline)
{
    Pending pending;
    pending.callback = std::move(callback);
    pending.context = context;
    pending.hasContext = context != nullptr;
    pending.unanswered = batch.size();
    if (batchCallback)
        pending.replies =
            std::make_unique<Replies>(Replies{std::move(batchCallback), {}, batch.size()});
    if (const QString reason = refusal(); !reason.isEmpty()) {
        failLater(std::move(pending), reason.toUtf8());
        return;
    }
    if (!connection.append(batch)) {
        failLater(std::move(pending), "there is no command");
        return;
    }
    if (pending.replies)
        pending.replies->replies.reserve(batch.size());
    push(std::move(pending), deadline);
}

void RedisClient::Private::push(Pending pending, std::chrono::milliseconds deadline)
{
    statistics.commands += pending.unanswered;
    m_inFlight += pending.unanswered;
    if (pending.isAwaited()) {
        const auto &fallback = connection.options().commandDeadline;
        const auto at = clock.now() + (deadline.count() > 0 ? deadline : fallback);
        m_deadlines.push({at, m_firstSequence + m_pending.size()});
        if (!m_deadlineTimer->isActive() || at < m_deadlineTimerDue) {
            m_deadlineTimerDue = at;
            m_deadlineTimer->startOnce(
                std::chrono::ceil<std::chrono::milliseconds>(at - clock.now()));
        }
    }
    m_pending.push_back(std::move(pending));
}

void RedisClient::Private::failLater(Pending pending, const QByteArray &reason)
{
    statistics.failures += pending.unanswered;
    if (!pending.isAwaited())
        return;
    m_failures.emplace_back(std::move(pending), reason);
    if (m_failures.size() == 1)
        QMetaObject::invokeMethod(
            &q, [this] { deliverFailures(); }, Qt::QueuedConnection);
}

void RedisClient::Private::deliverFailures()
{
    const QPointer<RedisClient> self(&q);
    auto failures = std::exchange(m_failures, {});
    for (auto &[pending, reason] : failures) {
        run(pending, failure(reason));
        if (!self)
            return;
    }
}

void RedisClient::Private::failUnanswered(const QString &reason)
{
    m_deadlineTimer->stop();
    m_deadlines = {};
    m_firstSequence += m_pending.size();
    m_inFlight = 0;
    auto unanswered = std::exchange(m_pending, {});
    const RedisReply reply = failure("connection lost: " + reason.toUtf8());
    const QPointer<RedisClient> self(&q);
    for (Pending &pending : unanswered) {
        statistics.failures += pending.unanswered;
        run(pending, reply);
        if (!self)
            return;
    }
}

void RedisClient::Private::expire()
{
    const auto now = clock.now();
    const QPointer<RedisClient> self(&q);
    while (!m_deadlines.empty()) {
        const Deadline next = m_deadlines.top();
        const bool isAnswered = next.sequence < m_firstSequence;
        if (!isAnswered && next.at > now)
            break;
        m_deadlines.pop();
        if (isAnswered)
            continue;
        // Its place stays: the reply may still come and must not become the answer to another
        // command.
        Pending &late = m_pending[size_t(next.sequence - m_firstSequence)];
        Pending expired = std::move(late);
        late = Pending();
        late.unanswered = expired.unanswered;
        statistics.timeouts += expired.unanswered;
        run(expired, failure("timed out"));
        if (!self)
            return;
    }
    if (!m_deadlines.empty()) {
        m_deadlineTimerDue = m_deadlines.top().at;
        m_deadlineTimer->startOnce(
            std::chrono::ceil<std::chrono::milliseconds>(m_deadlineTimerDue - now));
    }
}

void RedisClient::Private::handleReady()
{
    ++statistics.connects;
    m_loggedErrors.clear();
    Q_EMIT q.up();
}

void RedisClient::Private::handleReply(RedisReply &&reply)
{
    if (m_pending.empty()) {
        connection.drop(QStringLiteral("not the Redis protocol: an answer nobody asked for"));
        return;
    }
    Pending &first = m_pending.front();
    if (reply.type == RedisReply::Type::Error)
        noteError(reply, first.isQuiet);
    --m_inFlight;
    if (first.replies)
        first.replies->replies.push_back(std::move(reply));
    if (--first.unanswered > 0)
        return;
    Pending pending = std::move(first);
    m_pending.pop_front();
    ++m_firstSequence;
    while (!m_deadlines.empty() && m_deadlines.top().sequence < m_firstSequence)
        m_deadlines.pop();
    if (pending.isPing)
        Q_EMIT q.roundTripMeasured(connection.pingAnswered());
    else
        run(pending, reply);
}

void RedisClient::Private::noteError(const RedisReply &reply, bool isQuiet)
{
    QByteArray code = reply.errorCode();
    auto &errors = statistics.errors;
    if (!isCode(code) || (!errors.contains(code) && errors.size() >= kMaxErrorCodes))
        code = "other";
    ++errors[code];
    if (!isQuiet || m_loggedErrors.size() >= kMaxErrorCodes
        || std::ranges::find(m_loggedErrors, code) != m_loggedErrors.end())
        return;
    m_loggedErrors.push_back(code);
    // Redis quotes arguments in some texts; the code says enough.
    qCWarning(lcRedis).noquote() << "redis: a command was refused with" << code
                                 << "(further ones are counted)";
}

void RedisClient::Private::handlePingDue()
{
    const QByteArrayView ping = "PING";
    if (!connection.append(std::span(&ping, 1)))
        return;
    Pending pending;
    pending.isPing = true;
    ++m_inFlight;
    m_pending.push_back(std::move(pending));
}

void RedisClient::Private::handleLost(const QString &reason)
{
    const QPointer<RedisClient> self(&q);
    failUnanswered(reason);
    if (self && !connection.isReady())
        Q_EMIT q.down(reason);
}

} // namespace Rollcall

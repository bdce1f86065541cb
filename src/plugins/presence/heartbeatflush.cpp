// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/heartbeatflush.h"

#include "core/redis/redisbatch.h"
#include "core/redis/redisclient.h"
#include "core/redis/rediskeys.h"
#include "plugins/presence/seatfield.h"

#include <algorithm>
#include <span>

namespace Rollcall::Presence {

namespace {

// Per write; the next batch waits for the replies, so that others get their turn in Redis.
constexpr size_t kCommandsPerBatch = 1000;
// Members in one ZADD.
constexpr size_t kScoresPerCommand = 100;

/// So much of a key's life passes before it is written again. What is left is for a flush that is
/// late, not for outages: after each of these every key is looked at. 15 s of the default TTL.
constexpr std::chrono::nanoseconds beforeWrittenAgain(std::chrono::nanoseconds life)
{
    return life / 5 * 4;
}

} // namespace

HeartbeatFlush::HeartbeatFlush(StoreContext &context, const SeatSource &source, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_source(source)
    , m_timer(context.clock.createTimer([this] { tick(); }))
{ }

void HeartbeatFlush::setWritten(const UserId &user, Clock::SteadyTime deadline)
{
    const auto now = m_context.clock.now();
    Written &written = m_written[user];
    written.at = now;
    written.until = deadline;
    written.roomKeysAt = now;
    m_dirty.erase(user);
    if (!m_timer->isActive())
        m_timer->startRepeating(m_context.config.flushInterval);
}

void HeartbeatFlush::setJoined(const UserId &user, Clock::SteadyTime deadline)
{
    const auto known = m_written.find(user);
    const bool isUnverified =
        known != m_written.end() && !known->second.roomKeysAt && m_dirty.contains(user);
    setWritten(user, deadline);
    if (isUnverified) {
        known->second.roomKeysAt.reset();
        m_dirty.insert(user);
    }
}

void HeartbeatFlush::forget(const UserId &user)
{
    m_written.erase(user);
    m_dirty.erase(user);
}

void HeartbeatFlush::refresh(const UserId &user, std::chrono::milliseconds ttl)
{
    const auto it = m_written.find(user);
    if (it == m_written.end())
        return; // not written yet: JOIN will
    const auto now = m_context.clock.now();
    const Written &written = it->second;
    if (now - written.at >= beforeWrittenAgain(ttl) || now >= dueOf(written))
        m_dirty.insert(user);
    else
        schedule(user, it->second);
    // A TTL of a few flush intervals cannot wait for the next one.
    if (written.until - now < 2 * m_context.config.flushInterval)
        tick();
}

void HeartbeatFlush::schedule(const UserId &user, Written &written)
{
    if (written.isScheduled)
        return;
    written.isScheduled = true;
    const auto interval = m_context.config.flushInterval;
    // One bucket per flush. Rounded down: sooner is safe.
    m_scheduled[Clock::SteadyTime(dueOf(written).time_since_epoch() / interval * interval)]
        .push_back(user);
}

Clock::SteadyTime HeartbeatFlush::dueOf(const Written &written)
{
    return written.at + beforeWrittenAgain(written.until - written.at);
}

void HeartbeatFlush::takeScheduled()
{
    const auto now = m_context.clock.now();
    while (!m_scheduled.empty() && m_scheduled.begin()->first <= now) {
        const std::vector<UserId> users = std::move(m_scheduled.begin()->second);
        m_scheduled.erase(m_scheduled.begin());
        for (const UserId &user : users) {
            const auto it = m_written.find(user);
            if (it == m_written.end())
                continue;
            it->second.isScheduled = false;
            if (dueOf(it->second) - m_context.config.flushInterval <= now)
                m_dirty.insert(user);
            else
                schedule(user, it->second); // written in between
        }
    }
}

void HeartbeatFlush::verify(const std::vector<UserId> &users)
{
    for (const UserId &user : users) {
        m_written[user].roomKeysAt.reset(); // the keys of the rooms too
        m_dirty.insert(user);
    }
    if (!m_timer->isActive())
        m_timer->startRepeating(m_context.config.flushInterval);
    tick();
}

void HeartbeatFlush::stop()
{
    m_timer->stop();
    m_written.clear();
    m_dirty.clear();
    m_scheduled.clear();
    m_batch.clear();
    m_isBusy = false;
}

void HeartbeatFlush::tick()
{
    takeScheduled();
    if (m_isBusy)
        return;
    if (m_dirty.empty()) {
        if (m_written.empty())
            m_timer->stop();
        Q_EMIT idle();
        return;
    }
    m_startedAt = m_context.clock.now();
    m_flushed = 0;
    flush();
}

void HeartbeatFlush::flush()
{
    m_isBusy = true;
    m_batch.clear();
    m_unanswered = 0;
    const quint64 sentBefore = m_context.client().commandsSent();
    Scores online;
    Scores deadlines;
    size_t commands = 0;
    while (!m_dirty.empty() && commands < kCommandsPerBatch) {
        const UserId user = *m_dirty.begin();
        m_dirty.erase(m_dirty.begin());
        const std::vector<SeatRecord> seats = m_source.seatsOf(user);
        if (seats.empty()) {
            m_written.erase(user);
            continue;
        }
        commands += write(user, seats);
        const QByteArray name = memberName(user);
        online.push_back({seats.front().lastHeartbeatMs / 1000, name});
        deadlines.push_back({m_context.redisTimeMs(seats.front().deadline), name});
    }
    // XX: who is not online (taken for dead, say) comes online by a JOIN, which tells the others.
    writeScores(m_context.keys.online(), {"XX", "GT"}, std::move(online));
    writeScores(m_context.keys.deadlines(), {"GT"}, std::move(deadlines));
    m_flushed += m_batch.size();
    m_context.metrics.flushCommands.Increment(
        double(m_context.client().commandsSent() - sentBefore));
    if (m_unanswered == 0)
        finishBatch();
}

size_t HeartbeatFlush::write(const UserId &user, const std::vector<SeatRecord> &seats)
{
    const auto now = m_context.clock.now();
    const auto deadline = seats.front().deadline;
    const QByteArray at = QByteArray::number(m_context.redisTimeMs(deadline));
    const auto handle = [this, index = quint32(m_batch.size())](const RedisReply &reply) {
        handleReply(index, reply);
    };
    // GT: another node may know a later deadline of this user.
    m_context.client().command({"PEXPIREAT", m_context.keys.user(user), at, "GT"}, this, handle);
    ++m_unanswered;
    m_batch.push_back({user, deadline, false});
    Written &written = m_written[user];
    if (written.roomKeysAt && now - *written.roomKeysAt < m_context.config.idleTtl / 3)
        return 1;
    m_batch.back().hasRoomKeys = true;
    confirmVanished(user, false);
    if (m_context.config.isLean())
        return 2; // no keys of rooms to be kept
    const QByteArray life = QByteArray::number(m_context.config.idleTtl / std::chrono::seconds(1));
    for (const SeatRecord &seat : seats) {
        m_context.client().command({"EXPIRE", m_context.keys.roomUser(seat.room, user), life}, this,
                                   [this, user](const RedisReply &reply) {
                                       if (reply.isOk() && reply.integer == 0)
                                           Q_EMIT userVanished(user);
                                   });
    }
    return 2 + seats.size();
}

/// In their order: neighbours in the sorted set are found side by side.
void HeartbeatFlush::writeScores(const QByteArray &key,
                                 std::initializer_list<QByteArrayView> options, Scores scores)
{
    std::ranges::sort(scores);
    for (size_t at = 0; at < scores.size(); at += kScoresPerCommand) {
        const auto part =
            std::span(scores).subspan(at, std::min(kScoresPerCommand, scores.size() - at));
        RedisBatch command;
        command.begin(qsizetype(2 + options.size() + 2 * part.size())).add("ZADD").add(key);
        for (const QByteArrayView option : options)
            command.add(option);
        for (const auto &[score, name] : part)
            command.addNumber(score).add(name);
        m_context.client().run(command, this, [this](const std::vector<RedisReply> &replies) {
            m_context.check(replies.front(), "ZADD");
        });
    }
}

void HeartbeatFlush::handleReply(size_t index, const RedisReply &reply)
{
    if (!m_isBusy || index >= m_batch.size())
        return;
    const Pending &pending = m_batch[index];
    const auto written = m_written.find(pending.user);
    if (m_context.check(reply, "PEXPIREAT")) {
        if (written != m_written.end()) {
            const auto now = m_context.clock.now();
            written->second.at = now;
            written->second.until = pending.until;
            if (pending.hasRoomKeys)
                written->second.roomKeysAt = now;
        }
        // 0: no such key, one without a deadline, or another node wrote a later one.
        if (reply.integer == 0)
            confirmVanished(pending.user, true);
    } else if (reply.type == RedisReply::Type::Error && written != m_written.end()) {
        schedule(pending.user, written->second); // not at once: Redis would refuse it again
    }
    if (--m_unanswered == 0)
        finishBatch();
}

/// The key may be another node's work by now: what counts is that every seat of this node stands in
/// it, with its grace as it is: it may have begun or been cancelled while nothing could be written.
void HeartbeatFlush::confirmVanished(const UserId &user, bool mayBeEndless)
{
    const std::vector<SeatRecord> seats = m_source.seatsOf(user);
    if (seats.empty())
        return;
    const QByteArray key = m_context.keys.user(user);
    std::vector<RoomId> rooms;
    std::vector<QByteArray> fields;
    for (const SeatRecord &seat : seats) {
        rooms.push_back(seat.room);
        fields.push_back(m_context.keys.seatField(seat.room));
    }
    std::vector<QByteArrayView> command{"HMGET", key};
    command.insert(command.end(), fields.begin(), fields.end());
    m_context.client().command(
        command, this, [this, user, rooms, mayBeEndless](const RedisReply &reply) {
            if (!m_context.check(reply, "HMGET"))
                return;
            if (std::ranges::any_of(reply.elements, &RedisReply::isNull)) {
                Q_EMIT userVanished(user);
                return;
            }
            // Of an old copy of the data that was made in the middle of a resync. Ours, so it may
            // be given one; where another node wrote one this does nothing.
            if (const auto held = m_source.seatsOf(user); mayBeEndless && !held.empty())
                m_context.client().send(
                    {"PEXPIREAT", m_context.keys.user(user),
                     QByteArray::number(m_context.redisTimeMs(held.front().deadline)), "NX"});
            for (size_t i = 0; i < std::min(rooms.size(), reply.elements.size()); ++i) {
                const auto seat = m_source.seat(rooms[i], user); // as it is by now
                if (seat && !tellsGraceOf(m_context, *seat, reply.elements[i].text))
                    Q_EMIT graceDiffered(*seat);
            }
        });
}

void HeartbeatFlush::finishBatch()
{
    m_isBusy = false;
    m_batch.clear();
    if (!m_dirty.empty() && m_flushed > 0) {
        // From the loop: what arrived meanwhile has its turn.
        QMetaObject::invokeMethod(
            this,
            [this] {
                if (!m_isBusy && !m_dirty.empty())
                    flush();
            },
            Qt::QueuedConnection);
        return;
    }
    if (m_flushed > 0) {
        const std::chrono::duration<double> took = m_context.clock.now() - m_startedAt;
        m_context.metrics.flushSize.Observe(double(m_flushed));
        m_context.metrics.flushDuration.Observe(took.count());
    }
    if (isIdle())
        Q_EMIT idle();
}

} // namespace Rollcall::Presence

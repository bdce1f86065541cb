// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/resynchronizer.h"

#include "core/redis/redisclient.h"
#include "core/redis/rediskeys.h"
#include "plugins/presence/heartbeatflush.h"
#include "plugins/presence/memberjson.h"

#include <unordered_set>

namespace Rollcall::Presence {

namespace {

constexpr size_t kCommandsPerBatch = 500;
// Beyond this, leaves during an outage are told as "left".
constexpr qsizetype kMissedLeaves = 100'000;

} // namespace

Resynchronizer::Resynchronizer(StoreContext &context, const SeatSource &source,
                               HeartbeatFlush &flush, Writer writer, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_source(source)
    , m_flush(flush)
    , m_writer(std::move(writer))
    , m_timer(context.clock.createTimer([this] { readRooms(); }))
{
    connect(&m_flush, &HeartbeatFlush::idle, this, [this] {
        if (std::exchange(m_isVerifying, false))
            finish();
    });
}

void Resynchronizer::noteMissedLeave(const RoomId &room, const UserId &user, LeaveReason reason)
{
    if (m_missedLeaves.size() < kMissedLeaves)
        m_missedLeaves.insert({room, user}, reason);
}

void Resynchronizer::start(std::chrono::milliseconds delay, bool keepsSurplus)
{
    stop();
    m_isRunning = true;
    m_keepsSurplus = keepsSurplus;
    m_timer->startOnce(delay);
}

void Resynchronizer::stop()
{
    ++m_run;
    m_timer->stop();
    m_isRunning = false;
    m_isVerifying = false;
    m_rooms.clear();
    m_operations.clear();
    m_written.clear();
    m_present.clear();
    m_unanswered = 0;
    m_changes = 0;
}

void Resynchronizer::readRooms()
{
    m_startedAt = m_context.clock.now();
    m_context.client().command({"SMEMBERS", m_context.keys.nodeRooms(m_context.keys.node())}, this,
                               [this, run = m_run](const RedisReply &reply) {
                                   if (run != m_run)
                                       return;
                                   std::unordered_set<RoomId> rooms;
                                   if (m_context.check(reply, "SMEMBERS")) {
                                       for (const RedisReply &room : reply.elements)
                                           rooms.insert(RoomId(room.text));
                                   }
                                   for (const RoomId &room : m_source.heldRooms())
                                       rooms.insert(room);
                                   m_rooms.assign(rooms.begin(), rooms.end());
                                   readNextRooms();
                               });
}

void Resynchronizer::readNextRooms()
{
    if (m_rooms.empty()) {
        readMembers();
        return;
    }
    const size_t count = std::min(m_rooms.size(), kCommandsPerBatch);
    m_unanswered = count;
    for (size_t i = 0; i < count; ++i) {
        const RoomId room = m_rooms.back();
        m_rooms.pop_back();
        m_context.client().command(
            {"SMEMBERS", m_context.keys.roomNode(room, m_context.keys.node())}, this,
            [this, room, run = m_run](const RedisReply &reply) {
                if (run != m_run)
                    return;
                compare(room, reply);
                if (--m_unanswered == 0)
                    readNextRooms();
            });
    }
}

void Resynchronizer::compare(const RoomId &room, const RedisReply &reply)
{
    if (!m_context.check(reply, "SMEMBERS"))
        return;
    std::unordered_set<UserId> written;
    for (const RedisReply &member : reply.elements)
        written.insert(userFromMemberName(member.text));
    for (const UserId &user : m_source.heldUsers(room)) {
        if (written.erase(user) > 0)
            m_written.push_back({room, user, true});
        else
            m_operations.push_back({room, user, true});
    }
    if (m_keepsSurplus)
        return;
    for (const UserId &user : written)
        m_operations.push_back({room, user, false});
}

/// What was written of the members may be older than the outage, or of before another node left.
void Resynchronizer::readMembers()
{
    if (m_context.config.isLean()) { // nothing that could be compared: all is written again
        m_operations.insert(m_operations.end(), m_written.begin(), m_written.end());
        m_written.clear();
    }
    const size_t count = std::min(m_written.size(), kCommandsPerBatch);
    m_unanswered = count;
    if (count == 0) {
        writeNext();
        return;
    }
    for (size_t i = 0; i < count; ++i) {
        const Operation seat = m_written.back();
        m_written.pop_back();
        m_context.client().command({"GET", m_context.keys.roomUser(seat.room, seat.user)}, this,
                                   [this, seat, run = m_run](const RedisReply &reply) {
                                       if (run != m_run)
                                           return;
                                       compareMember(seat, reply);
                                       if (--m_unanswered == 0)
                                           readMembers();
                                   });
    }
}

void Resynchronizer::compareMember(const Operation &seat, const RedisReply &json)
{
    const auto held = m_source.seat(seat.room, seat.user);
    if (held && m_context.check(json, "GET")
        && (json.isNull() || !looksTheSame(memberFromJson(seat.user, json.text), held->member)))
        m_operations.push_back(seat);
    else
        m_present.push_back(seat.user);
}

void Resynchronizer::writeNext()
{
    const size_t count = std::min(m_operations.size(), kCommandsPerBatch);
    m_unanswered = count;
    if (count == 0) {
        verify();
        return;
    }
    const auto done = [this, run = m_run] {
        if (run == m_run && --m_unanswered == 0)
            writeNext();
    };
    for (size_t i = 0; i < count; ++i) {
        const Operation operation = m_operations.front();
        m_operations.pop_front();
        ++m_changes;
        // What is true now counts: it may have changed since it was compared.
        if (const auto seat = m_source.seat(operation.room, operation.user))
            m_writer.join(*seat, done);
        else
            m_writer.leave(
                operation.room, operation.user,
                m_missedLeaves.value({operation.room, operation.user}, LeaveReason::Left), done);
    }
}

void Resynchronizer::verify()
{
    m_isVerifying = true;
    m_flush.verify(m_present);
}

void Resynchronizer::finish()
{
    const std::chrono::duration<double> took = m_context.clock.now() - m_startedAt;
    m_context.metrics.resyncDuration.Observe(took.count());
    if (m_changes > 0 || !m_present.empty()) {
        qCInfo(lcPresence).noquote()
            << "presence: Redis holds what this node holds:" << m_changes << "seats written,"
            << m_present.size() << "checked, in" << qint64(took.count() * 1000) << "ms";
    }
    m_missedLeaves.clear();
    stop();
    Q_EMIT finished();
}

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/resynchronizer.h"

#include "core/redis/redisclient.h"
#include "core/redis/rediskeys.h"
#include "plugins/presence/heartbeatflush.h"
#include "plugins/presence/memberjson.h"
#include "plugins/presence/seatrestorer.h"
#include "plugins/presence/seatwriter.h"

#include <unordered_set>

namespace Rollcall::Presence {

namespace {

constexpr size_t kCommandsAtOnce = 500;
// Beyond these the next part waits for replies: enough that Redis always has something to do, and
// few enough that whoever joins meanwhile does not wait long behind them.
constexpr size_t kSeatsUnanswered = 1000;
// Fewer are announced to the other nodes one by one.
constexpr size_t kFewestRestored = 4;
// Beyond this, leaves during an outage are told as "left".
constexpr qsizetype kMissedLeaves = 100'000;

} // namespace

Resynchronizer::Resynchronizer(StoreContext &context, const SeatSource &source,
                               HeartbeatFlush &flush, SeatWriter &writer, SeatRestorer &restorer,
                               QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_source(source)
    , m_flush(flush)
    , m_writer(writer)
    , m_restorer(restorer)
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
    m_restorer.stop();
    m_different.clear();
    m_parts.clear();
    m_written.clear();
    m_present.clear();
    m_unanswered = 0;
    m_changes = 0;
}

void Resynchronizer::readRooms()
{
    m_startedAt = m_context.clock.now();
    m_restorer.prepare();
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
    const size_t count = std::min(m_rooms.size(), kCommandsAtOnce);
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
    std::unordered_set<UserId> written;
    if (m_context.check(reply, "SMEMBERS")) {
        for (const RedisReply &member : reply.elements)
            written.insert(userFromMemberName(member.text));
    } // else it is refused again, and tried again until it is not
    std::vector<UserId> different;
    for (const UserId &user : m_source.heldUsers(room)) {
        if (written.erase(user) == 0 || m_restorer.isUnconfirmed(room, user))
            different.push_back(user);
        else
            m_written.push_back({room, user});
    }
    if (!m_keepsSurplus)
        different.insert(different.end(), written.begin(), written.end());
    if (!different.empty())
        m_different.emplace(room, std::move(different));
}

/// What was written of the members may be older than the outage, or of before another node left.
void Resynchronizer::readMembers()
{
    if (m_context.config.isLean()) { // nothing that could be compared: all is written again
        for (const Seat &seat : std::exchange(m_written, {}))
            m_different[seat.room].push_back(seat.user);
    }
    const size_t count = std::min(m_written.size(), kCommandsAtOnce);
    m_unanswered = count;
    if (count == 0) {
        plan();
        return;
    }
    for (size_t i = 0; i < count; ++i) {
        const Seat seat = m_written.back();
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

void Resynchronizer::compareMember(const Seat &seat, const RedisReply &json)
{
    const auto held = m_source.seat(seat.room, seat.user);
    if (held && m_context.check(json, "GET")
        && (json.isNull() || !looksTheSame(memberFromJson(seat.user, json.text), held->member)))
        m_different[seat.room].push_back(seat.user);
    else
        m_present.push_back(seat.user);
}

void Resynchronizer::plan()
{
    for (auto &[room, users] : m_different) {
        m_changes += users.size();
        for (size_t at = 0; at < users.size(); at += SeatRestorer::kMostSeats) {
            const size_t end = std::min(users.size(), at + SeatRestorer::kMostSeats);
            m_parts.push_back({.room = room,
                               .users = {std::make_move_iterator(users.begin() + qsizetype(at)),
                                         std::make_move_iterator(users.begin() + qsizetype(end))},
                               .isLast = end == users.size(),
                               .isOneByOne = users.size() < kFewestRestored});
        }
    }
    m_different.clear();
    writeNext();
}

void Resynchronizer::writeNext()
{
    while (!m_parts.empty() && m_unanswered < kSeatsUnanswered) {
        const Part part = std::move(m_parts.front());
        m_parts.pop_front();
        write(part);
    }
    if (m_unanswered == 0) {
        m_restorer.enterOnline([this, run = m_run] {
            if (run == m_run)
                verify();
        });
    }
}

void Resynchronizer::write(const Part &part)
{
    m_unanswered += part.users.size();
    const auto answered = [this, run = m_run](const RedisReply &) {
        if (run == m_run)
            handleWritten(1);
    };
    // What is true now counts: it may have changed since it was compared.
    const auto leave = [&](const UserId &user) {
        m_writer.leave(part.room, user, m_missedLeaves.value({part.room, user}, LeaveReason::Left),
                       answered);
    };
    if (part.isOneByOne) {
        for (const UserId &user : part.users) {
            if (const auto seat = m_source.seat(part.room, user))
                m_writer.join(*seat, answered);
            else
                leave(user);
        }
        return;
    }
    const std::vector<UserId> absent =
        m_restorer.restore(part.room, part.users, part.isLast, [this, run = m_run](size_t seats) {
            if (run == m_run)
                handleWritten(seats);
        });
    for (const UserId &user : absent)
        leave(user);
}

void Resynchronizer::handleWritten(size_t seats)
{
    if (seats == 0)
        return;
    m_unanswered -= seats;
    writeNext();
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
    m_restorer.forgetUnconfirmed();
    Q_EMIT finished();
}

} // namespace Rollcall::Presence

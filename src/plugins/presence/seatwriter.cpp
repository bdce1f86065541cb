// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/seatwriter.h"

#include "core/redis/rediskeys.h"
#include "plugins/presence/heartbeatflush.h"
#include "plugins/presence/memberjson.h"
#include "plugins/presence/occupancyfeed.h"
#include "plugins/presence/presencescripts.h"
#include "plugins/presence/roomchannels.h"
#include "plugins/presence/seatfield.h"

namespace Rollcall::Presence {

namespace {

using namespace std::chrono_literals;

constexpr auto kRetryInterval = 1s;
// Of seats per retry: what Redis refuses it will mostly refuse again.
constexpr int kRetriesAtOnce = 500;

} // namespace

SeatWriter::SeatWriter(StoreContext &context, const SeatSource &source, RoomChannels &channels,
                       HeartbeatFlush &flush, OccupancyFeed &occupancies, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_source(source)
    , m_channels(channels)
    , m_flush(flush)
    , m_occupancies(occupancies)
    , m_timer(context.clock.createTimer([this] { retry(); }))
{ }

void SeatWriter::start() { m_timer->startRepeating(kRetryInterval); }

void SeatWriter::stop()
{
    m_timer->stop();
    m_refused.clear();
}

void SeatWriter::join(const SeatRecord &seat, RedisCallback callback)
{
    const PresenceKeys &keys = m_context.keys;
    const Member &member = seat.member;
    m_channels.flush(seat.room);
    m_flush.setJoined(member.user, seat.deadline);
    // The user's hash names the room they entered last, whichever seat is written (again) now.
    const std::vector<SeatRecord> seats = m_source.seatsOf(member.user);
    const SeatRecord &latest = seats.empty() ? seat : seats.back();
    ScriptCall call;
    call.key(keys.roomNode(seat.room, keys.node()))
        .key(keys.roomNodes(seat.room))
        .key(keys.roomUser(seat.room, member.user))
        .key(keys.page(seat.room))
        .key(keys.occupancy())
        .key(keys.roomReserved(seat.room))
        .key(keys.user(member.user))
        .key(keys.meta(member.user))
        .key(keys.online())
        .key(keys.deadlines())
        .key(keys.nodeRooms(keys.node()))
        .key(keys.nodes())
        .argument(memberName(member.user))
        .argument(keys.node().value())
        .argument(seat.room.value())
        .argument(memberToJson(seat, keys.node()))
        .argument(m_context.config.isLean() ? 0 : qint64(m_context.config.idleTtl / 1s))
        .argument(seatFieldValue(m_context, seat))
        .argument(m_context.redisTimeMs(seat.deadline))
        .argument(seat.lastHeartbeatMs / 1000)
        .argument(qint64(m_context.config.lease.count()))
        .argument(keys.roomEvents(seat.room))
        .argument(keys.online())
        .argument(keys.updateEvents())
        .argument(member.state == MemberState::Away ? "away" : "online")
        .argument(seat.device)
        .argument(seat.role)
        .argument("type")
        .argument(roomKindName(latest.kind).toByteArray())
        .argument(latest.kind == RoomKind::Page ? "url" : "room")
        .argument(latest.room.value())
        .argument("username")
        .argument(member.displayName)
        .argument("pk")
        .argument(member.user.value())
        .argument("deviceType")
        .argument(deviceTypeName(member.device).toByteArray());
    if (m_context.config.isLean()) // in the place of the JSON
        call.argument("avatar")
            .argument(member.avatar)
            .argument("state")
            .argument(memberStateName(member.state).toByteArray());
    call.run(m_context.client(), PresenceScripts::join(), this,
             [this, room = seat.room, user = member.user, since = m_context.clock.now(),
              callback = std::move(callback)](const RedisReply &reply) {
                 handleReply(room, user, reply, "JOIN", since);
                 if (callback)
                     callback(reply);
             });
}

void SeatWriter::leave(const RoomId &room, const UserId &user, LeaveReason reason,
                       RedisCallback callback)
{
    m_channels.flush(room);
    if (!m_source.containsUser(user))
        m_flush.forget(user);
    runLeave(m_context.client(), m_context.keys, room, user, reason, m_context.metaLife(user), this,
             [this, room, user, since = m_context.clock.now(),
              callback = std::move(callback)](const RedisReply &reply) {
                 handleReply(room, user, reply, "LEAVE", since);
                 if (callback)
                     callback(reply);
             });
}

void SeatWriter::noteGrace(const SeatRecord &seat)
{
    ScriptCall()
        .key(m_context.keys.user(seat.member.user))
        .argument(m_context.keys.node().value())
        .argument(seat.room.value())
        .argument(seatFieldValue(m_context, seat))
        .run(m_context.client(), PresenceScripts::grace(), this,
             [this](const RedisReply &reply) { m_context.check(reply, "GRACE"); });
}

void SeatWriter::withdraw(const RoomId &room, const UserId &user)
{
    runLeave(m_context.client(), m_context.keys, room, user, LeaveReason::Lost,
             m_context.metaLife(user), this, [this, room](const RedisReply &reply) {
                 if (m_context.check(reply, "LEAVE") && reply.elements.size() >= 2)
                     m_occupancies.tell(room, int(reply.elements[1].integer));
             });
}

void SeatWriter::runLeave(RedisClient &client, const PresenceKeys &keys, const RoomId &room,
                          const UserId &user, LeaveReason reason, qint64 metaLife, QObject *context,
                          RedisCallback callback)
{
    ScriptCall()
        .key(keys.roomNode(room, keys.node()))
        .key(keys.roomNodes(room))
        .key(keys.roomUser(room, user))
        .key(keys.page(room))
        .key(keys.occupancy())
        .key(keys.user(user))
        .key(keys.meta(user))
        .key(keys.online())
        .key(keys.deadlines())
        .key(keys.nodeRooms(keys.node()))
        .argument(memberName(user))
        .argument(keys.node().value())
        .argument(room.value())
        .argument(leaveReasonName(reason).toByteArray())
        .argument(keys.roomNodePrefix(room))
        .argument(keys.roomEvents(room))
        .argument(keys.offlineEvents())
        .argument(metaLife)
        .run(client, PresenceScripts::leave(), context, std::move(callback));
}

void SeatWriter::handleReply(const RoomId &room, const UserId &user, const RedisReply &reply,
                             const char *what, Clock::SteadyTime since)
{
    if (m_context.check(reply, what) && reply.elements.size() >= 2) {
        const std::chrono::duration<double> took = m_context.clock.now() - since;
        m_context.metrics.updateLatency.Observe(took.count());
        m_refused.remove({room, user});
        m_occupancies.tell(room, int(reply.elements[1].integer));
        return;
    }
    if (m_context.redis.isUp())
        m_refused.insert({room, user});
    // A key that is not ours must not be given a deadline by heartbeats.
    if (reply.errorCode() == "WRONGTYPE"
        && reply.text.contains(' ' + m_context.keys.user(user) + ' '))
        m_flush.forget(user);
}

void SeatWriter::retry()
{
    int count = 0;
    const auto refused = m_refused; // a copy: replies change it
    for (const auto &[room, user] : refused) {
        if (++count > kRetriesAtOnce)
            break;
        if (const auto seat = m_source.seat(room, user))
            join(*seat, {});
        else
            leave(room, user, LeaveReason::Left, {});
    }
}

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/roomchannels.h"

#include "core/redis/redissubscriber.h"
#include "plugins/presence/memberjson.h"
#include "plugins/presence/presencescripts.h"

namespace Rollcall::Presence {

namespace {

using namespace std::chrono_literals;

// An answer this late was lost, or its mark was.
constexpr auto kLoadDeadline = 2s;

} // namespace

RoomChannels::RoomChannels(StoreContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
{ }

RoomChannels::Room *RoomChannels::find(const RoomId &room)
{
    const auto it = m_rooms.find(room);
    return it == m_rooms.end() ? nullptr : &it->second;
}

void RoomChannels::watch(const RoomId &id)
{
    Room &room = m_rooms[id];
    room.subscription = ++m_lastNumber;
    m_context.redis.subscriber()->subscribe(
        m_context.keys.roomEvents(id), this,
        [this, id](const QByteArray &, const QByteArray &message) { handleMessage(id, message); },
        [this, id, number = room.subscription] {
            if (Room *watched = find(id); watched && watched->subscription == number)
                handleSubscribed(id, *watched);
        });
}

void RoomChannels::unwatch(const RoomId &id)
{
    flush(id);
    if (m_rooms.erase(id) > 0)
        m_context.redis.subscriber()->unsubscribe(m_context.keys.roomEvents(id), this);
}

void RoomChannels::whenSubscribed(const RoomId &id, std::function<void()> action)
{
    Room *room = find(id);
    if (!room)
        return;
    if (room->isSubscribed)
        action();
    else
        room->held.push_back(std::move(action));
}

void RoomChannels::handleSubscribed(const RoomId &id, Room &room)
{
    if (room.isSubscribed || !m_context.redis.isUp())
        return;
    room.isSubscribed = true;
    const auto held = std::exchange(room.held, {});
    for (const auto &action : held)
        action();
    reload(id);
}

void RoomChannels::reloadAll()
{
    // A copy: whoever hears of the events that a load sets free may end a room.
    std::vector<RoomId> rooms;
    for (const auto &[id, room] : m_rooms)
        rooms.push_back(id);
    for (const RoomId &room : rooms)
        reload(room);
}

void RoomChannels::retry()
{
    const auto since = m_context.clock.now() - kLoadDeadline;
    std::vector<RoomId> rooms;
    for (const auto &[id, room] : m_rooms) {
        if (room.mustLoad || (room.loading != 0 && room.loadingSince < since))
            rooms.push_back(id);
    }
    for (const RoomId &room : rooms)
        reload(room);
}

bool RoomChannels::isLoading() const
{
    return std::ranges::any_of(m_rooms, [](const auto &entry) {
        return !entry.second.isSubscribed || entry.second.mustLoad || entry.second.loading != 0;
    });
}

void RoomChannels::reload(const RoomId &id)
{
    Room *room = find(id);
    if (!room || !room->isSubscribed)
        return;
    // What an unfinished load kept back is part of the new answer, but what is shown meanwhile must
    // not miss it.
    const auto later = std::exchange(room->later, {});
    if (room->hasLoaded) {
        for (const RoomEvent &event : later)
            deliver(id, event);
        room = find(id);
        if (!room)
            return;
    }
    room->mustLoad = false;
    room->loading = ++m_lastNumber;
    room->loadingSince = m_context.clock.now();
    room->isMarkSeen = false;
    room->answer.reset();
    const PresenceKeys &keys = m_context.keys;
    ScriptCall()
        .key(keys.roomNodes(id))
        .argument(keys.node().value())
        .argument(keys.roomNodePrefix(id))
        .argument(keys.roomUserPrefix(id))
        .argument(keys.roomEvents(id))
        .argument(qint64(room->loading))
        .argument(keys.userPrefix())
        .run(m_context.client(), PresenceScripts::members(), this,
             [this, id, mark = room->loading](const RedisReply &reply) {
                 handleMembers(id, mark, reply);
             });
}

void RoomChannels::handleMembers(const RoomId &id, quint64 mark, const RedisReply &reply)
{
    Room *room = find(id);
    if (!room || room->loading != mark)
        return;
    if (!m_context.check(reply, "MEMBERS") || !reply.isArray()) {
        room->mustLoad = true;
        room->loading = 0;
        return;
    }
    room->answer = heldMembersFromReply(reply);
    if (room->isMarkSeen)
        finishLoad(id, *room);
}

void RoomChannels::finishLoad(const RoomId &id, Room &room)
{
    room.loading = 0;
    room.hasLoaded = true;
    const auto members = *std::exchange(room.answer, std::nullopt);
    const auto later = std::exchange(room.later, {});
    Q_EMIT loaded(id, members);
    for (const RoomEvent &event : later)
        deliver(id, event);
}

void RoomChannels::handleMessage(const RoomId &id, const QByteArray &message)
{
    Room *room = find(id);
    const auto event = RoomEvent::parse(message);
    if (!room || !event)
        return;
    if (event->node == m_context.keys.node()) {
        if (event->kind == RoomEvent::Kind::Reap) {
            Q_EMIT ownNodeReaped();
        } else if (event->kind == RoomEvent::Kind::Mark && event->number == room->loading) {
            room->isMarkSeen = true;
            if (room->answer)
                finishLoad(id, *room);
        }
        return;
    }
    if (room->loading != 0 && room->isMarkSeen)
        room->later.push_back(*event);
    else if (room->hasLoaded)
        deliver(id, *event);
}

void RoomChannels::deliver(const RoomId &id, const RoomEvent &event)
{
    if (event.kind == RoomEvent::Kind::Relay)
        checkSequence(id, event);
    if (event.kind != RoomEvent::Kind::Mark)
        Q_EMIT eventReceived(id, event);
}

void RoomChannels::checkSequence(const RoomId &id, const RoomEvent &event)
{
    Room *room = find(id);
    if (!room)
        return;
    const quint64 last = std::exchange(room->sequences[event.node], event.number);
    // A node starts again at 1 when it has left the room in between.
    if (last != 0 && event.number != last + 1 && event.number != 1) {
        m_context.metrics.gaps.Increment();
        Q_EMIT eventsMissed(id);
    }
}

void RoomChannels::publish(const RoomId &id, const QByteArray &payload)
{
    Room *room = find(id);
    if (!room || !m_context.redis.isUp())
        return;
    if (m_outgoing.empty())
        QMetaObject::invokeMethod(this, &RoomChannels::flushAll, Qt::QueuedConnection);
    if (room->outgoing.empty())
        m_outgoing.push_back(id);
    room->outgoing.push_back(payload);
}

void RoomChannels::flush(const RoomId &id)
{
    Room *room = find(id);
    if (!room || room->outgoing.empty())
        return;
    const auto payloads = std::exchange(room->outgoing, {});
    m_context.metrics.publishes.Increment();
    m_context.client().send(
        {"PUBLISH", m_context.keys.roomEvents(id),
         RoomEvent::relay(m_context.keys.node(), ++room->sentSequence, payloads)});
}

void RoomChannels::flushAll()
{
    const auto rooms = std::exchange(m_outgoing, {});
    for (const RoomId &room : rooms)
        flush(room);
}

void RoomChannels::evict(const RoomId &id, const UserId &user, LeaveReason reason)
{
    flush(id);
    if (m_context.redis.isUp())
        m_context.client().send({"PUBLISH", m_context.keys.roomEvents(id),
                                 RoomEvent::evict(m_context.keys.node(), user, reason)});
}

void RoomChannels::handleUp()
{
    for (auto &[id, room] : m_rooms) {
        room.isSubscribed = true;
        room.held.clear(); // the resync writes all there is
    }
}

void RoomChannels::handleDown()
{
    for (auto &[id, room] : m_rooms) {
        room.isSubscribed = false;
        room.held.clear();
        room.mustLoad = true;
        room.loading = 0;
        room.answer.reset();
        room.later.clear();
        room.sequences.clear();
        room.outgoing.clear();
    }
    m_outgoing.clear();
}

} // namespace Rollcall::Presence

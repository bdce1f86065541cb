// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/roomannouncer.h"

#include "core/services/presenceservice.h"

#include <algorithm>
#include <utility>

namespace Rollcall::Realtime {

namespace {

using namespace std::chrono_literals;

// A room_state of a thousand members is 150 KB: not for everyone in the same loop turn.
constexpr size_t kStatesAtOnce = 64;
constexpr auto kStatesPause = 20ms;

const UserId &userOf(const PresenceDeltaEvent::Entry &entry) { return entry.member.user; }
const UserId &userOf(const PresenceDeltaEvent::Departure &departure) { return departure.user; }

template <typename Part>
std::vector<Part> withoutBlocked(std::vector<Part> parts, const QSet<UserId> &blocked)
{
    std::erase_if(parts, [&](const Part &part) { return blocked.contains(userOf(part)); });
    return parts;
}

} // namespace

RoomAnnouncer::RoomAnnouncer(const RealtimeContext &context, SendStates sendStates)
    : m_context(context)
    , m_sendStates(std::move(sendStates))
    , m_deltaTimer(context.clock.createTimer([this] { sendDeltas(); }))
    , m_countTimer(context.clock.createTimer([this] { sendCounts(); }))
    , m_refreshTimer(context.clock.createTimer([this] { sendSomeStates(); }))
{ }

RoomAnnouncer::Room *RoomAnnouncer::find(const RoomId &id)
{
    const auto room = m_rooms.find(id);
    return room == m_rooms.end() ? nullptr : &room->second;
}

PresenceMode RoomAnnouncer::mode(const RoomId &id) const
{
    const auto room = m_rooms.find(id);
    return room == m_rooms.end() ? PresenceMode::Full : room->second.mode;
}

PresenceMode RoomAnnouncer::modeFor(PresenceMode now, int users) const
{
    const auto threshold = [&](int members, PresenceMode above) {
        return now < above
            ? members
            : int(qint64(members) * (100 - m_context.config.presenceHysteresis) / 100);
    };
    if (users > threshold(m_context.config.deltaPresenceMembers, PresenceMode::Count))
        return PresenceMode::Count;
    if (users > threshold(m_context.config.fullPresenceMembers, PresenceMode::Delta))
        return PresenceMode::Delta;
    return PresenceMode::Full;
}

PresenceMode RoomAnnouncer::show(const RoomId &id)
{
    const auto [entry, isNew] = m_rooms.try_emplace(id);
    Room &room = entry->second;
    if (isNew)
        room.mode = modeFor(PresenceMode::Full, m_context.presence.occupancy(id));
    for (Change &change : room.changes)
        change.wasShown = change.wasShown || change.isMember;
    return room.mode;
}

RoomAnnouncer::Change &RoomAnnouncer::change(Room &room, const UserId &user, bool wasKnown)
{
    const auto [index, isNew] = room.indices.try_emplace(user, room.changes.size());
    if (isNew) {
        room.changes.push_back({.wasKnown = wasKnown});
        if (!m_deltaTimer->isActive())
            m_deltaTimer->startOnce(m_context.config.presenceDeltaInterval);
    }
    return room.changes[index->second];
}

void RoomAnnouncer::handleJoined(const RoomId &id, const Member &member)
{
    Room *room = find(id);
    if (!room)
        return;
    if (room->mode == PresenceMode::Full) {
        const Transform place = m_context.hub.latest(id, member.user);
        m_context.hub.broadcast(id, MemberJoinedEvent{id.value(), member, place}, member.user);
    } else if (room->mode == PresenceMode::Delta) {
        Change &joined = change(*room, member.user, false);
        joined.member = member;
        joined.isMember = true;
    }
}

void RoomAnnouncer::handleUpdated(const RoomId &id, const Member &member)
{
    Room *room = find(id);
    if (!room)
        return;
    if (room->mode == PresenceMode::Full) {
        m_context.hub.broadcast(id, MemberUpdatedEvent{id.value(), member}, member.user);
    } else if (room->mode == PresenceMode::Delta) {
        Change &updated = change(*room, member.user, true);
        updated.member = member;
        updated.isMember = true;
    }
}

void RoomAnnouncer::handleLeft(const RoomId &id, const UserId &user, LeaveReason reason)
{
    Room *room = find(id);
    if (!room)
        return;
    if (room->mode == PresenceMode::Full) {
        m_context.hub.broadcast(id, MemberLeftEvent{id.value(), user.value(), reason}, user);
    } else if (room->mode == PresenceMode::Delta) {
        Change &left = change(*room, user, true);
        left.member.user = user;
        left.reason = reason;
        left.isMember = false;
    }
}

void RoomAnnouncer::handleOccupancy(const RoomId &id, int users)
{
    Room *room = find(id);
    if (!room)
        return;
    const PresenceMode next = modeFor(room->mode, users);
    if (next != room->mode) {
        setMode(id, *room, next, users);
    } else if (next == PresenceMode::Count && !std::exchange(room->isCountDue, true)
               && !m_countTimer->isActive()) {
        m_countTimer->startOnce(m_context.config.presenceCountInterval);
    }
}

void RoomAnnouncer::setMode(const RoomId &id, Room &room, PresenceMode mode, int users)
{
    const PresenceMode before = std::exchange(room.mode, mode);
    // Whoever got them would be shown the whole list at once, or needs none any more.
    room.changes.clear();
    room.indices.clear();
    room.isCountDue = false;
    m_context.hub.broadcast(id, PresenceModeEvent{id.value(), mode, users});
    if (mode < before)
        refresh(id);
}

void RoomAnnouncer::sendDeltas()
{
    for (auto &[id, room] : m_rooms) {
        if (!room.changes.empty())
            sendDelta(id, room);
    }
}

void RoomAnnouncer::sendDelta(const RoomId &id, Room &room)
{
    std::vector<PresenceDeltaEvent::Entry> joined;
    std::vector<PresenceDeltaEvent::Departure> left;
    std::vector<PresenceDeltaEvent::Entry> updated;
    for (Change &change : room.changes) {
        if (change.isMember) {
            const Transform place = m_context.hub.latest(id, change.member.user);
            (change.wasKnown ? updated : joined).push_back({std::move(change.member), place});
        } else if (change.wasKnown || change.wasShown) {
            left.push_back({std::move(change.member.user), change.reason});
        }
    }
    room.changes.clear();
    room.indices.clear();
    if (joined.empty() && left.empty() && updated.empty())
        return;
    const int users = m_context.presence.occupancy(id);
    m_context.hub.broadcast(id, PresenceDeltaEvent{id.value(), joined, left, updated, users},
                            [&](Recipient &recipient, const QSet<UserId> &blocked) {
                                const auto seen = withoutBlocked(joined, blocked);
                                const auto gone = withoutBlocked(left, blocked);
                                const auto changed = withoutBlocked(updated, blocked);
                                m_context.hub.send(
                                    recipient,
                                    PresenceDeltaEvent{id.value(), seen, gone, changed, users});
                            });
}

void RoomAnnouncer::sendCounts()
{
    for (auto &[id, room] : m_rooms) {
        if (std::exchange(room.isCountDue, false))
            m_context.hub.broadcast(
                id, PresenceCountEvent{id.value(), m_context.presence.occupancy(id)});
    }
}

void RoomAnnouncer::refresh(const RoomId &id)
{
    std::erase_if(m_refreshes, [&](const Refresh &refresh) { return refresh.room == id; });
    m_refreshes.push_back({id, m_context.hub.recipients(id)});
    if (!m_refreshTimer->isActive())
        sendSomeStates();
}

void RoomAnnouncer::sendSomeStates()
{
    size_t left = kStatesAtOnce;
    while (left > 0 && !m_refreshes.empty()) {
        Refresh &refresh = m_refreshes.front();
        std::vector<ConnectionId> &waiting = refresh.connections;
        const size_t count = std::min(left, waiting.size());
        const std::vector<ConnectionId> now(waiting.end() - qsizetype(count), waiting.end());
        const RoomId room = refresh.room;
        waiting.erase(waiting.end() - qsizetype(count), waiting.end());
        if (waiting.empty())
            m_refreshes.pop_front();
        left -= count;
        if (!now.empty())
            m_sendStates(room, now);
    }
    if (!m_refreshes.empty())
        m_refreshTimer->startOnce(kStatesPause);
}

} // namespace Rollcall::Realtime

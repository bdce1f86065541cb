// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/tracker.h"

#include "plugins/presence/memberjson.h"

#include <algorithm>

namespace Rollcall::Presence {

Tracker::Tracker(Clock &clock, const PresenceConfig &config, EndHandler ended)
    : m_clock(clock)
    , m_times(config.times)
    , m_expires(config.enabled)
    , m_ended(std::move(ended))
    , m_wheel(clock, [this](Index index) { handleDue(index); })
{ }

Clock::SteadyTime Tracker::freshDeadline(Dialect dialect) const
{
    return m_expires ? m_clock.now() + m_times[size_t(dialect)].ttl : DeadlineWheel::kNever;
}

void Tracker::setTimes(const PresenceConfig::Times &times)
{
    const PresenceConfig::Times before = std::exchange(m_times, times);
    for (Index index = 0; index < m_memberships.size(); ++index) {
        const Membership &membership = m_memberships[index];
        const Clock::SteadyTime deadline =
            membership.seat ? m_wheel.deadline(index) : DeadlineWheel::kNever;
        if (deadline == DeadlineWheel::kNever)
            continue;
        const LivenessTimes &was = before[size_t(membership.dialect)];
        const LivenessTimes &is = times[size_t(membership.dialect)];
        const auto change = membership.isLost ? is.grace - was.grace : is.ttl - was.ttl;
        if (change.count() != 0)
            m_wheel.set(index, deadline + change);
    }
}

Tracker::Joined Tracker::join(const MembershipRequest &request)
{
    Joined joined;
    const Index known = find(request.connection, request.room);
    Seat &seat = takeSeat(request, joined);
    joined.wasInGrace = graceEnd(seat).has_value();
    const Member before = seat.member;
    seat.member = request.member;
    seat.member.joinedAtMs = before.joinedAtMs;
    seat.member.state = before.state;
    Index index = known;
    if (known == kNone) {
        joined.isNew = true;
        index = takeIndex();
        m_byConnection[request.connection].append(index);
        seat.memberships.append(index);
        ++seat.room->connections;
    } else if (m_memberships[index].isLost) {
        --m_pendingGraces;
        ++seat.room->connections;
        ++joined.gracesCancelled;
    }
    m_memberships[index] = {request.connection, &seat, request.dialect, request.member.state,
                            false};
    m_wheel.set(index, freshDeadline(request.dialect));
    seat.user->lastHeartbeatMs = m_clock.wallMs();
    // The user is back: what was lost is not missed, and nobody hears of it.
    joined.gracesCancelled += int(dropLost(request.room, request.member.user).size());
    updateState(seat);
    joined.hasChanged = !joined.isFirstOfUser && !looksTheSame(seat.member, before);
    joined.isOtherDevice =
        std::exchange(seat.user->device, request.device) != request.device && !joined.isFirstOfUser;
    joined.isOtherDevice |=
        std::exchange(seat.user->role, request.role) != request.role && !joined.isFirstOfUser;
    return joined;
}

Seat &Tracker::takeSeat(const MembershipRequest &request, Joined &joined)
{
    std::unique_ptr<TrackedUser> &user = m_users[request.member.user];
    if (!user) {
        joined.isUserNew = true;
        user = std::make_unique<TrackedUser>();
        user->id = request.member.user;
    }
    std::unique_ptr<TrackedRoom> &room = m_rooms[request.room];
    if (!room) {
        joined.isFirstInRoom = true;
        room = std::make_unique<TrackedRoom>();
        room->id = request.room;
        room->kind = request.kind;
    }
    std::unique_ptr<Seat> &seat = room->seats[request.member.user];
    if (!seat) {
        joined.isFirstOfUser = true;
        seat = std::make_unique<Seat>();
        seat->room = room.get();
        seat->user = user.get();
        seat->member = request.member;
        if (seat->member.joinedAtMs == 0)
            seat->member.joinedAtMs = m_clock.wallMs();
        user->seats.append(seat.get());
    }
    return *seat;
}

Tracker::Index Tracker::takeIndex()
{
    if (m_free.empty()) {
        m_memberships.emplace_back();
        return Index(m_memberships.size() - 1);
    }
    const Index index = m_free.back();
    m_free.pop_back();
    return index;
}

std::optional<Tracker::Ended> Tracker::leave(ConnectionId connection, const RoomId &room,
                                             LeaveReason reason)
{
    const Index index = find(connection, room);
    if (index == kNone)
        return std::nullopt;
    return end(index, reason);
}

Tracker::Loss Tracker::lose(ConnectionId connection, const RoomId &room)
{
    const Index index = find(connection, room);
    if (index == kNone || m_memberships[index].isLost)
        return Loss::Unknown;
    Membership &membership = m_memberships[index];
    const auto grace = m_times[size_t(membership.dialect)].grace;
    if (grace.count() == 0)
        return Loss::Over;
    membership.isLost = true;
    ++m_pendingGraces;
    --membership.seat->room->connections;
    m_wheel.set(index, m_clock.now() + grace);
    return Loss::InGrace;
}

std::vector<Tracker::Ended> Tracker::dropLost(const RoomId &room, const UserId &user)
{
    std::vector<Ended> dropped;
    Seat *seat = findSeat(room, user);
    if (!seat || m_pendingGraces == 0)
        return dropped;
    const auto memberships =
        seat->memberships; // a copy: ending one changes it, the last one ends the seat
    for (const Index index : memberships) {
        if (m_memberships[index].isLost)
            dropped.push_back(end(index, LeaveReason::Lost));
    }
    return dropped;
}

const Membership *Tracker::touch(ConnectionId connection, const RoomId &room)
{
    const Index index = find(connection, room);
    if (index == kNone || m_memberships[index].isLost)
        return nullptr;
    const Membership &membership = m_memberships[index];
    m_wheel.set(index, freshDeadline(membership.dialect));
    membership.seat->user->lastHeartbeatMs = m_clock.wallMs();
    return &membership;
}

const Seat *Tracker::setState(ConnectionId connection, const RoomId &room, MemberState state)
{
    const Index index = find(connection, room);
    if (index == kNone)
        return nullptr;
    m_memberships[index].state = state;
    Seat *seat = m_memberships[index].seat;
    return updateState(*seat) ? seat : nullptr;
}

/// A user is away in a room when every connection there is.
bool Tracker::updateState(Seat &seat)
{
    const bool isActive = std::ranges::any_of(seat.memberships, [this](Index index) {
        return m_memberships[index].state == MemberState::Active;
    });
    const MemberState state = isActive ? MemberState::Active : MemberState::Away;
    return std::exchange(seat.member.state, state) != state;
}

Tracker::Ended Tracker::end(Index index, LeaveReason reason)
{
    const Membership membership = std::exchange(m_memberships[index], {});
    Seat *seat = membership.seat;
    Ended ended{.connection = membership.connection,
                .room = seat->room->id,
                .user = seat->user->id,
                .reason = reason,
                .wasLost = membership.isLost};
    if (membership.isLost)
        --m_pendingGraces;
    else
        --seat->room->connections;
    m_wheel.clear(index);
    m_free.push_back(index);
    const auto connection = m_byConnection.find(membership.connection);
    connection->second.removeOne(index);
    if (connection->second.isEmpty())
        m_byConnection.erase(connection);
    seat->memberships.removeOne(index);
    if (seat->memberships.isEmpty()) {
        detach(seat, ended);
    } else {
        ended.hasChanged = updateState(*seat);
        ended.isInGrace = !membership.isLost && graceEnd(*seat);
    }
    return ended;
}

void Tracker::detach(Seat *seat, Ended &ended)
{
    TrackedUser *user = seat->user;
    TrackedRoom *room = seat->room;
    ended.isLastOfUser = true;
    user->seats.removeOne(seat);
    room->seats.erase(ended.user);
    if (user->seats.isEmpty())
        m_users.erase(ended.user);
    if (room->seats.empty()) {
        ended.isLastInRoom = true;
        m_rooms.erase(ended.room);
    }
}

void Tracker::handleDue(Index index)
{
    const LeaveReason reason =
        m_memberships[index].isLost ? LeaveReason::Lost : LeaveReason::Expired;
    m_ended(end(index, reason));
}

Tracker::Index Tracker::find(ConnectionId connection, const RoomId &room) const
{
    const auto it = m_byConnection.find(connection);
    if (it == m_byConnection.end())
        return kNone;
    for (const Index index : it->second) {
        if (m_memberships[index].seat->room->id == room)
            return index;
    }
    return kNone;
}

Seat *Tracker::findSeat(const RoomId &room, const UserId &user) const
{
    const auto it = m_rooms.find(room);
    if (it == m_rooms.end())
        return nullptr;
    const auto seat = it->second->seats.find(user);
    return seat == it->second->seats.end() ? nullptr : seat->second.get();
}

const Membership *Tracker::membership(ConnectionId connection, const RoomId &room) const
{
    const Index index = find(connection, room);
    return index == kNone ? nullptr : &m_memberships[index];
}

bool Tracker::contains(ConnectionId connection, const RoomId &room) const
{
    const Index index = find(connection, room);
    return index != kNone && !m_memberships[index].isLost;
}

bool Tracker::containsUser(const RoomId &room, const UserId &user) const
{
    return findSeat(room, user);
}

const TrackedRoom *Tracker::room(const RoomId &id) const
{
    const auto it = m_rooms.find(id);
    return it == m_rooms.end() ? nullptr : it->second.get();
}

std::vector<RoomId> Tracker::roomsOf(ConnectionId connection) const
{
    std::vector<RoomId> rooms;
    if (const auto it = m_byConnection.find(connection); it != m_byConnection.end()) {
        for (const Index index : it->second)
            rooms.push_back(m_memberships[index].seat->room->id);
    }
    return rooms;
}

std::vector<ConnectionId> Tracker::connectionsOf(const RoomId &room, const UserId &user) const
{
    std::vector<ConnectionId> connections;
    if (const Seat *seat = findSeat(room, user)) {
        for (const Index index : seat->memberships)
            connections.push_back(m_memberships[index].connection);
    }
    return connections;
}

std::vector<RoomId> Tracker::heldRooms() const
{
    std::vector<RoomId> rooms;
    rooms.reserve(m_rooms.size());
    for (const auto &[id, room] : m_rooms)
        rooms.push_back(id);
    return rooms;
}

std::vector<UserId> Tracker::heldUsers(const RoomId &room) const
{
    std::vector<UserId> users;
    if (const TrackedRoom *tracked = this->room(room)) {
        users.reserve(tracked->seats.size());
        for (const auto &[id, seat] : tracked->seats)
            users.push_back(id);
    }
    return users;
}

std::optional<SeatRecord> Tracker::seat(const RoomId &room, const UserId &user) const
{
    const Seat *seat = findSeat(room, user);
    return seat ? std::optional(record(*seat)) : std::nullopt;
}

std::vector<SeatRecord> Tracker::seatsOf(const UserId &user) const
{
    std::vector<SeatRecord> records;
    if (const auto it = m_users.find(user); it != m_users.end()) {
        for (const Seat *seat : it->second->seats)
            records.push_back(record(*seat));
    }
    return records;
}

std::optional<Clock::SteadyTime> Tracker::graceEnd(const Seat &seat) const
{
    std::optional<Clock::SteadyTime> latest;
    if (m_pendingGraces == 0)
        return latest;
    for (const Index index : seat.memberships) {
        if (!m_memberships[index].isLost)
            return std::nullopt;
        latest = std::max(latest, std::optional(m_wheel.deadline(index)));
    }
    return latest;
}

SeatRecord Tracker::record(const Seat &seat) const
{
    Clock::SteadyTime latest = Clock::SteadyTime::min();
    for (const Seat *each : seat.user->seats) {
        for (const Index index : each->memberships)
            latest = std::max(latest, m_wheel.deadline(index));
    }
    return {.room = seat.room->id,
            .kind = seat.room->kind,
            .member = seat.member,
            .connection = m_memberships[seat.memberships.last()].connection,
            .deadline = latest,
            .lastHeartbeatMs = seat.user->lastHeartbeatMs,
            .device = seat.user->device,
            .role = seat.user->role,
            .graceEnd = graceEnd(seat)};
}

} // namespace Rollcall::Presence

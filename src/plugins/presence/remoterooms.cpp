// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/remoterooms.h"

#include "plugins/presence/memberjson.h"

#include <algorithm>

namespace Rollcall::Presence {

const RemoteRooms::Room *RemoteRooms::find(const RoomId &room) const
{
    const auto it = m_rooms.find(room);
    return it == m_rooms.end() ? nullptr : &it->second;
}

RemoteRooms::Room *RemoteRooms::find(const RoomId &room)
{
    const auto it = m_rooms.find(room);
    return it == m_rooms.end() ? nullptr : &it->second;
}

void RemoteRooms::watch(const RoomId &room)
{
    Room &watched = m_rooms[room];
    watched.estimate = count(room);
    m_counts.erase(room);
}

void RemoteRooms::unwatch(const RoomId &room)
{
    const Room *watched = find(room);
    if (!watched)
        return;
    if (const int users = watched->isLoaded ? int(watched->seats.size()) : watched->estimate;
        users > 0)
        m_counts[room] = {users, 0};
    m_rooms.erase(room);
}

bool RemoteRooms::isLoaded(const RoomId &room) const
{
    const Room *watched = find(room);
    return watched && watched->isLoaded;
}

std::vector<RoomId> RemoteRooms::watched() const
{
    std::vector<RoomId> rooms;
    rooms.reserve(m_rooms.size());
    for (const auto &[id, room] : m_rooms)
        rooms.push_back(id);
    return rooms;
}

bool RemoteRooms::load(const RoomId &id, const RoomMembers &members, const IsLocal &isLocal)
{
    Room *room = find(id);
    if (!room)
        return false;
    auto before = std::exchange(room->seats, {});
    const bool wasLoaded = std::exchange(room->isLoaded, true);
    const int estimate = room->estimate;
    room->shared = 0;
    room->holders.clear();
    for (const HeldMember &held : members.members)
        take(id, held.node, held.member, isLocal(held.member.user));
    for (const auto &[user, seat] : before) {
        for (const NodeId &node : seat.nodes) {
            if (std::ranges::find(members.unsettled, node) != members.unsettled.end())
                take(id, node, seat.member, isLocal(user));
        }
    }
    if (!wasLoaded)
        return !room->seats.empty() || estimate > 0;
    return room->seats.size() != before.size()
        || std::ranges::any_of(room->seats, [&before](const auto &entry) {
               const auto known = before.find(entry.first);
               return known == before.end()
                   || !looksTheSame(known->second.member, entry.second.member);
           });
}

RemoteRooms::Taken RemoteRooms::take(const RoomId &id, const NodeId &node, const Member &member,
                                     bool isLocal)
{
    Room *room = find(id);
    if (!room)
        return Taken::Known;
    const auto [it, isNew] = room->seats.try_emplace(member.user);
    RemoteSeat &seat = it->second;
    if (!seat.nodes.contains(node)) {
        seat.nodes.append(node);
        room->count(node, 1);
    }
    const bool hasChanged = !looksTheSame(std::exchange(seat.member, member), member);
    if (!isNew)
        return hasChanged ? Taken::Changed : Taken::Known;
    seat.isLocal = isLocal;
    room->shared += isLocal;
    return Taken::First;
}

bool RemoteRooms::update(const RoomId &id, const NodeId &node, const Member &member)
{
    Room *room = find(id);
    const auto it =
        room ? room->seats.find(member.user) : std::unordered_map<UserId, RemoteSeat>::iterator();
    if (!room || it == room->seats.end() || !it->second.nodes.contains(node))
        return false;
    return !looksTheSame(std::exchange(it->second.member, member), member);
}

bool RemoteRooms::release(const RoomId &id, const NodeId &node, const UserId &user)
{
    Room *room = find(id);
    if (!room)
        return false;
    const auto it = room->seats.find(user);
    if (it == room->seats.end())
        return false;
    if (it->second.nodes.removeOne(node))
        room->count(node, -1);
    if (!it->second.nodes.isEmpty())
        return false;
    room->shared -= it->second.isLocal;
    room->seats.erase(it);
    return true;
}

void RemoteRooms::setLocal(const RoomId &id, const UserId &user, bool isLocal)
{
    Room *room = find(id);
    if (!room)
        return;
    const auto it = room->seats.find(user);
    if (it == room->seats.end() || it->second.isLocal == isLocal)
        return;
    it->second.isLocal = isLocal;
    room->shared += isLocal ? 1 : -1;
}

bool RemoteRooms::contains(const RoomId &id, const UserId &user) const
{
    const Room *room = find(id);
    return room && room->seats.contains(user);
}

bool RemoteRooms::hasMembers(const RoomId &id) const
{
    const Room *room = find(id);
    return room && !room->seats.empty();
}

std::vector<Member> RemoteRooms::membersElsewhere(const RoomId &id) const
{
    std::vector<Member> members;
    if (const Room *room = find(id)) {
        members.reserve(room->seats.size() - size_t(room->shared));
        for (const auto &[user, seat] : room->seats) {
            if (!seat.isLocal)
                members.push_back(seat.member);
        }
    }
    return members;
}

int RemoteRooms::countElsewhere(const RoomId &id) const
{
    const Room *room = find(id);
    if (!room)
        return count(id);
    return room->isLoaded ? int(room->seats.size()) - room->shared : room->estimate;
}

int RemoteRooms::countOf(const RoomId &id, const NodeId &node) const
{
    const Room *room = find(id);
    if (!room)
        return 0;
    const auto holder = std::ranges::find(room->holders, node, &std::pair<NodeId, int>::first);
    return holder == room->holders.end() ? 0 : holder->second;
}

void RemoteRooms::Room::count(const NodeId &node, int change)
{
    const auto holder = std::ranges::find(holders, node, &std::pair<NodeId, int>::first);
    if (holder == holders.end())
        holders.emplace_back(node, change);
    else if (holder->second += change; holder->second == 0)
        holders.erase(holder);
}

bool RemoteRooms::setCount(const RoomId &room, int users, quint64 sequence)
{
    const auto it = m_counts.find(room);
    const int before = it == m_counts.end() ? 0 : it->second.users;
    // An empty room is remembered until the next full list, so that an older one does not bring it
    // back.
    m_counts[room] = {users, sequence};
    return before != users;
}

std::vector<RoomId> RemoteRooms::setCounts(const std::vector<std::pair<RoomId, int>> &counts,
                                           quint64 sequence)
{
    std::unordered_map<RoomId, Count> before = std::exchange(m_counts, {});
    std::vector<RoomId> changed;
    for (const auto &[room, users] : counts) {
        if (find(room))
            continue;
        const auto known = before.find(room);
        const bool isNewer = known != before.end() && known->second.sequence > sequence;
        m_counts[room] = isNewer ? known->second : Count{users, sequence};
        if (!isNewer && (known == before.end() || known->second.users != users))
            changed.push_back(room);
    }
    for (const auto &[room, count] : before) {
        if (m_counts.contains(room))
            continue;
        if (count.sequence > sequence)
            m_counts[room] = count;
        else if (count.users > 0)
            changed.push_back(room);
    }
    return changed;
}

int RemoteRooms::count(const RoomId &room) const
{
    const auto it = m_counts.find(room);
    return it == m_counts.end() ? 0 : it->second.users;
}

} // namespace Rollcall::Presence

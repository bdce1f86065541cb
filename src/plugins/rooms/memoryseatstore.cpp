// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/memoryseatstore.h"

#include "core/services/presenceservice.h"

#include <algorithm>
#include <vector>

namespace Rollcall::Rooms {

SeatStore::~SeatStore() = default;

MemorySeatStore::MemorySeatStore(PresenceService &presence, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_presence(presence)
    , m_clock(clock)
{
    connect(&presence, &PresenceService::memberJoined, this,
            [this](const RoomId &room, const Member &member) { remove(room, member.user); });
}

MemorySeatStore::~MemorySeatStore() = default;

void MemorySeatStore::reserve(const RoomId &room, int capacity, const UserId &user,
                              std::chrono::milliseconds duration, QObject *, Callback done)
{
    done(decide(room, capacity, user, duration));
}

void MemorySeatStore::release(const RoomId &room, const UserId &user) { remove(room, user); }

SeatDecision MemorySeatStore::decide(const RoomId &room, int capacity, const UserId &user,
                                     std::chrono::milliseconds duration)
{
    if (m_presence.containsUser(room, user))
        return SeatDecision::Member;
    expireRoom(room);
    const auto held = m_rooms.find(room);
    const bool isHeld = held != m_rooms.end() && held->second.contains(user);
    if (!isHeld && m_presence.occupancy(room) + reserved(room) >= capacity)
        return SeatDecision::Full;
    hold(room, user, duration);
    return SeatDecision::Held;
}

void MemorySeatStore::hold(const RoomId &room, const UserId &user,
                           std::chrono::milliseconds duration)
{
    // News of a reservation may come after the user's join: members hold none.
    if (m_presence.containsUser(room, user))
        return;
    const auto expiry = m_clock.now() + duration;
    m_nextExpiry = std::min(m_nextExpiry, expiry);
    Expiries &expiries = m_rooms[room];
    const bool isNew = expiries.insert_or_assign(user, expiry).second;
    if (isNew)
        Q_EMIT reservedChanged(room, int(expiries.size()));
}

int MemorySeatStore::reserved(const RoomId &room) const
{
    const auto it = m_rooms.find(room);
    if (it == m_rooms.end())
        return 0;
    const auto now = m_clock.now();
    return int(std::count_if(it->second.begin(), it->second.end(),
                             [now](const auto &entry) { return entry.second > now; }));
}

void MemorySeatStore::expire()
{
    if (m_clock.now() < m_nextExpiry)
        return;
    std::vector<RoomId> rooms;
    rooms.reserve(m_rooms.size());
    for (const auto &[room, expiries] : m_rooms)
        rooms.push_back(room);
    m_nextExpiry = Clock::SteadyTime::max();
    for (const RoomId &room : rooms)
        expireRoom(room);
    for (const auto &[room, expiries] : m_rooms) {
        for (const auto &[user, expiry] : expiries)
            m_nextExpiry = std::min(m_nextExpiry, expiry);
    }
}

void MemorySeatStore::expireRoom(const RoomId &room)
{
    const auto it = m_rooms.find(room);
    if (it == m_rooms.end())
        return;
    const auto now = m_clock.now();
    const auto expired =
        std::erase_if(it->second, [now](const auto &entry) { return entry.second <= now; });
    const int left = int(it->second.size());
    if (left == 0)
        m_rooms.erase(it);
    if (expired > 0)
        Q_EMIT reservedChanged(room, left);
}

void MemorySeatStore::remove(const RoomId &room, const UserId &user)
{
    const auto it = m_rooms.find(room);
    if (it == m_rooms.end() || it->second.erase(user) == 0)
        return;
    const int left = int(it->second.size());
    if (left == 0)
        m_rooms.erase(it);
    Q_EMIT reservedChanged(room, left);
}

} // namespace Rollcall::Rooms

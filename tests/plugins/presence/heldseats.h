// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/presencestore.h"

#include <algorithm>
#include <map>

namespace Rollcall::Presence {

/// What a node holds, as a store's test says it.
class HeldSeats final : public SeatSource
{
public:
    explicit HeldSeats(const Clock &clock)
        : m_clock(clock)
    { }

    SeatRecord hold(const RoomId &room, const UserId &user, const QByteArray &name = {},
                    std::chrono::milliseconds ttl = std::chrono::seconds(60))
    {
        SeatRecord record;
        record.room = room;
        record.member.user = user;
        record.member.displayName = name.isEmpty() ? user.value() : name;
        record.member.joinedAtMs = m_clock.wallMs();
        record.connection = ConnectionId(++m_lastConnection);
        record.deadline = m_clock.now() + ttl;
        record.lastHeartbeatMs = m_clock.wallMs();
        m_seats[{room, user}] = record;
        return *seat(room, user);
    }
    void setDevice(const RoomId &room, const UserId &user, const QByteArray &device,
                   const QByteArray &role)
    {
        m_seats.at({room, user}).device = device;
        m_seats.at({room, user}).role = role;
    }
    void setGraceEnd(const RoomId &room, const UserId &user, std::optional<Clock::SteadyTime> end)
    {
        m_seats.at({room, user}).graceEnd = end;
    }
    void touch(const UserId &user, std::chrono::milliseconds ttl)
    {
        for (auto &[key, record] : m_seats) {
            if (key.second == user)
                record.deadline = m_clock.now() + ttl;
        }
    }
    void drop(const RoomId &room, const UserId &user) { m_seats.erase({room, user}); }
    void clear() { m_seats.clear(); }
    bool contains(const RoomId &room, const UserId &user) const
    {
        return m_seats.contains({room, user});
    }
    const std::map<std::pair<RoomId, UserId>, SeatRecord> &all() const { return m_seats; }

    std::vector<RoomId> heldRooms() const override
    {
        std::vector<RoomId> rooms;
        for (const auto &[key, record] : m_seats) {
            if (rooms.empty() || rooms.back() != key.first)
                rooms.push_back(key.first);
        }
        return rooms;
    }
    std::vector<UserId> heldUsers(const RoomId &room) const override
    {
        std::vector<UserId> users;
        for (auto it = m_seats.lower_bound({room, UserId()});
             it != m_seats.end() && it->first.first == room; ++it)
            users.push_back(it->first.second);
        return users;
    }
    bool containsUser(const RoomId &room, const UserId &user) const override
    {
        return m_seats.contains({room, user});
    }
    bool containsUser(const UserId &user) const override { return !seatsOf(user).empty(); }
    std::optional<SeatRecord> seat(const RoomId &room, const UserId &user) const override
    {
        const auto it = m_seats.find({room, user});
        if (it == m_seats.end())
            return std::nullopt;
        return it->second;
    }
    std::vector<SeatRecord> seatsOf(const UserId &user) const override
    {
        std::vector<SeatRecord> records;
        for (const auto &[key, record] : m_seats) {
            if (key.second == user)
                records.push_back(record);
        }
        std::ranges::sort(records, {},
                          [](const SeatRecord &seat) { return seat.connection.value(); });
        return records;
    }

private:
    const Clock &m_clock;
    std::map<std::pair<RoomId, UserId>, SeatRecord> m_seats;
    quint64 m_lastConnection = 0;
};

} // namespace Rollcall::Presence

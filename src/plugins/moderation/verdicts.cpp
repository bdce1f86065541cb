// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/moderation/verdicts.h"

#include <algorithm>

namespace Rollcall::Moderation {

void Verdicts::set(const RoomId &room, const UserId &user, qint64 untilMs, qint64 nowMs)
{
    auto &users = m_rooms[room];
    users.insert_or_assign(user, untilMs);
    std::erase_if(users, [nowMs](const auto &entry) { return entry.second <= nowMs; });
    if (users.empty())
        m_rooms.erase(room);
}

bool Verdicts::holdsHere(const RoomId &id, const UserId &user, qint64 nowMs) const
{
    const auto room = m_rooms.find(id);
    if (room == m_rooms.end())
        return false;
    const auto until = room->second.find(user);
    return until != room->second.end() && until->second > nowMs;
}

bool Verdicts::holds(const RoomId &room, const UserId &user, qint64 nowMs) const
{
    static const RoomId kEverywhere("*");
    return !m_rooms.empty()
        && (holdsHere(room, user, nowMs) || holdsHere(kEverywhere, user, nowMs));
}

std::vector<std::pair<UserId, qint64>> Verdicts::of(const RoomId &id, qint64 nowMs) const
{
    std::vector<std::pair<UserId, qint64>> list;
    if (const auto room = m_rooms.find(id); room != m_rooms.end()) {
        for (const auto &[user, untilMs] : room->second) {
            if (untilMs > nowMs)
                list.emplace_back(user, untilMs);
        }
    }
    std::ranges::sort(list);
    return list;
}

} // namespace Rollcall::Moderation

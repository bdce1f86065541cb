// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/strongid.h"

#include <unordered_map>
#include <utility>
#include <vector>

namespace Rollcall::Moderation {

/// Until when whom: the bans, or the mutes, of all rooms. The room "*" is everywhere.
class Verdicts
{
public:
    /// Wall time in ms. One that is over is forgotten, and so are the room's others that are over.
    void set(const RoomId &room, const UserId &user, qint64 untilMs, qint64 nowMs);
    bool holds(const RoomId &room, const UserId &user, qint64 nowMs) const;
    std::vector<std::pair<UserId, qint64>> of(const RoomId &room, qint64 nowMs) const;

    template <typename Call>
    void forEach(Call &&call) const
    {
        for (const auto &[room, users] : m_rooms) {
            for (const auto &[user, untilMs] : users)
                call(room, user, untilMs);
        }
    }

private:
    bool holdsHere(const RoomId &room, const UserId &user, qint64 nowMs) const;

    std::unordered_map<RoomId, std::unordered_map<UserId, qint64>> m_rooms;
};

} // namespace Rollcall::Moderation

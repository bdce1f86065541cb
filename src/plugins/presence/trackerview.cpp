// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// What the tracker shows to operators.
#include "plugins/presence/tracker.h"

namespace Rollcall::Presence {

std::vector<HeldConnection> Tracker::heldConnections(const RoomId &room, const UserId &user) const
{
    std::vector<HeldConnection> held;
    const Seat *seat = findSeat(room, user);
    if (!seat)
        return held;
    for (const Index index : seat->memberships) {
        const Membership &membership = m_memberships[index];
        HeldConnection &connection = held.emplace_back();
        connection.connection = membership.connection;
        connection.dialect = membership.dialect;
        connection.state = membership.state;
        connection.isInGrace = membership.isLost;
        if (const auto deadline = m_wheel.deadline(index); deadline != DeadlineWheel::kNever)
            connection.left =
                std::chrono::duration_cast<std::chrono::milliseconds>(deadline - m_clock.now());
    }
    return held;
}

} // namespace Rollcall::Presence

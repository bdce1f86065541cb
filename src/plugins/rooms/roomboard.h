// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "plugins/rooms/roomstatus.h"

#include <QHash>
#include <QObject>

#include <optional>
#include <vector>

namespace Rollcall {
class PresenceService;
}

namespace Rollcall::Rooms {

class Directory;

/// Every room with its numbers, in one array that lists and the matchmaker walk over.
///
/// Follows the signals of presence and seats; now and then, and whenever refresh() is called,
/// everything is counted anew from RAM, so that a missed signal does not stay.
class RoomBoard : public QObject
{
    Q_OBJECT
public:
    RoomBoard(Directory &directory, PresenceService &presence, Clock &clock,
              QObject *parent = nullptr);

    /// Rooms of the directory. Valid until the next call.
    const std::vector<RoomStatus> &rooms();
    /// What people are in without a definition: pages and groups. As of the last refresh().
    const std::vector<RoomStatus> &others() const { return m_others; }
    void refresh();

    /// A room of the directory, or a page or group with somebody in it.
    std::optional<RoomStatus> find(const RoomId &room);

private:
    void handleOccupancyChanged(const RoomId &room, int users);
    void handleReservedChanged(const RoomId &room, int reserved);

    Directory &m_directory;
    PresenceService &m_presence;
    Clock &m_clock;
    std::vector<RoomStatus> m_rooms;
    std::vector<RoomStatus> m_others;
    QHash<RoomId, size_t> m_index; // into m_rooms
    std::optional<Clock::SteadyTime> m_refreshedAt; // none: must be done before the next use
};

} // namespace Rollcall::Rooms

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "plugins/presence/presencestore.h"

#include <QSet>

#include <functional>
#include <memory>

namespace Rollcall::Presence {

class RemoteRooms;

/// Brings what this node believes about all rooms back in line with the store, at intervals: counts
/// of rooms it does not watch are taken over, watched rooms whose count twice differed from their
/// members are loaded again.
class Reconciler
{
public:
    using OccupancyOf = std::function<int(const RoomId &)>;
    using Changed = std::function<void(const RoomId &)>;

    /// All must outlive it, and the store must not answer after it has gone. `changed` is told of
    /// rooms that have got another count.
    Reconciler(Clock &clock, PresenceStore &store, RemoteRooms &rooms, OccupancyOf occupancyOf,
               Changed changed);

    void start(std::chrono::milliseconds interval);
    /// At once, beside the interval.
    void reconcile();
    /// Orders what happens here against answers that are on their way.
    quint64 nextSequence() { return ++m_sequence; }
    /// A count of a room that is not watched, as of `sequence`.
    void setCount(const RoomId &room, int users, quint64 sequence);

private:
    using Counts = std::vector<std::pair<RoomId, int>>;
    void checkWatched(const Counts &counts);

    PresenceStore &m_store;
    RemoteRooms &m_rooms;
    OccupancyOf m_occupancyOf;
    Changed m_changed;
    std::unique_ptr<ClockTimer> m_timer;
    QSet<RoomId> m_suspects; // watched rooms whose count differed the last time
    quint64 m_sequence = 0;
    bool m_isPending = false;
};

} // namespace Rollcall::Presence

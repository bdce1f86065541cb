// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/reconciler.h"

#include "plugins/presence/remoterooms.h"

namespace Rollcall::Presence {

Reconciler::Reconciler(Clock &clock, PresenceStore &store, RemoteRooms &rooms,
                       OccupancyOf occupancyOf, Changed changed)
    : m_store(store)
    , m_rooms(rooms)
    , m_occupancyOf(std::move(occupancyOf))
    , m_changed(std::move(changed))
    , m_timer(clock.createTimer([this] { reconcile(); }))
{ }

void Reconciler::start(std::chrono::milliseconds interval) { m_timer->startRepeating(interval); }

void Reconciler::setCount(const RoomId &room, int users, quint64 sequence)
{
    if (m_rooms.setCount(room, users, sequence))
        m_changed(room);
}

void Reconciler::reconcile()
{
    // Not fresh: the store is being filled again, and what it says is less than what is known here.
    if (m_isPending || !m_store.isFresh())
        return;
    m_isPending = true;
    m_store.fetchOccupancies([this, sequence = m_sequence](const Result<Counts> &counts) {
        m_isPending = false;
        if (!counts || !m_store.isFresh())
            return;
        for (const RoomId &room : m_rooms.setCounts(*counts, sequence))
            m_changed(room);
        checkWatched(*counts);
    });
}

void Reconciler::checkWatched(const Counts &counts)
{
    QHash<RoomId, int> users;
    for (const RoomId &room : m_rooms.watched())
        users.insert(room, 0);
    for (const auto &[room, count] : counts) {
        if (const auto it = users.find(room); it != users.end())
            *it = count;
    }
    QSet<RoomId> suspects;
    for (auto it = users.cbegin(); it != users.cend(); ++it) {
        if (!m_rooms.isLoaded(it.key()) || m_occupancyOf(it.key()) == it.value())
            continue;
        // Once may be a change on its way; twice is a change that got lost.
        if (m_suspects.contains(it.key()))
            m_store.reload(it.key());
        else
            suspects.insert(it.key());
    }
    m_suspects = suspects;
}

} // namespace Rollcall::Presence

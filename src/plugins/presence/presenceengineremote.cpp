// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// What the store tells the engine about the other nodes.
#include "plugins/presence/presenceengine.h"

namespace Rollcall::Presence {

void PresenceEngine::handleRoomLoaded(const RoomId &room, const RoomMembers &members)
{
    if (!m_tracker.room(room))
        return;
    const int before = occupancy(room);
    const bool hasChanged = m_remote.load(
        room, members, [&](const UserId &user) { return m_tracker.containsUser(room, user); });
    for (const HeldMember &held : members.members)
        cancelGraces(room, held.member.user);
    const int answered = m_waiters.finish(room);
    const TrackedRoom *tracked = m_tracker.room(room);
    // Who waited has got the snapshot; who did not has an older view.
    if (hasChanged && tracked && tracked->connections > answered)
        Q_EMIT roomResynchronized(room);
    if (before != occupancy(room))
        announceOccupancy(room);
}

void PresenceEngine::handleSeatTaken(const RoomId &room, const NodeId &node, const Member &member)
{
    const bool isHere = m_tracker.containsUser(room, member.user);
    const bool isFirst = m_remote.take(room, node, member, isHere);
    if (isHere) {
        cancelGraces(room, member.user);
    } else if (isFirst) {
        Q_EMIT memberJoined(room, member);
        announceOccupancy(room);
    }
}

void PresenceEngine::handleSeatUpdated(const RoomId &room, const NodeId &node, const Member &member)
{
    // Where a user is also held here, this node's own data counts.
    if (m_remote.update(room, node, member) && !m_tracker.containsUser(room, member.user))
        Q_EMIT memberUpdated(room, member);
}

void PresenceEngine::handleSeatReleased(const RoomId &room, const NodeId &node, const UserId &user,
                                        LeaveReason reason)
{
    if (!m_remote.release(room, node, user) || m_tracker.containsUser(room, user))
        return;
    Q_EMIT memberLeft(room, user, reason);
    announceOccupancy(room);
}

/// The user has come back through another node.
void PresenceEngine::cancelGraces(const RoomId &room, const UserId &user)
{
    for (const Tracker::Ended &ended : m_tracker.dropLost(room, user)) {
        m_metrics.gracesCancelled.Increment();
        finishEnd(ended);
    }
}

void PresenceEngine::handleFreshness(bool isFresh)
{
    m_freshUntilMs = m_clock.wallMs();
    if (isFresh)
        m_reconciler.reconcile();
    else if (!m_store->isReachable())
        m_waiters.finishAll();
    Q_EMIT freshnessChanged(isFresh);
}

void PresenceEngine::handleUserStatus(const UserId &user, bool isOnline)
{
    if (isOnline || !m_tracker.containsUser(user))
        setUserOnline(user, isOnline);
}

} // namespace Rollcall::Presence

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
    const RemoteRooms::Taken taken = m_remote.take(room, node, member, isHere);
    if (isHere) {
        cancelGraces(room, member.user);
    } else if (taken == RemoteRooms::Taken::First) {
        Q_EMIT memberJoined(room, member);
        announceOccupancy(room);
    } else if (taken == RemoteRooms::Taken::Changed) {
        Q_EMIT memberUpdated(room, member);
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
    const bool isGone = m_remote.release(room, node, user);
    if (m_tracker.containsUser(room, user)) {
        // What was written of the member may be the other node's, even if it came and went before
        // this node had heard of it.
        if (!m_remote.contains(room, user))
            writeSeat(room, user);
        return;
    }
    if (!isGone)
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
    if (isFresh) {
        m_reconciler.reconcile();
        reconcileOnline();
    } else if (!m_store->isReachable()) {
        m_waiters.finishAll();
    }
    Q_EMIT freshnessChanged(isFresh);
}

/// Who came online or went offline while nobody told: before this node was there, and during an
/// outage.
void PresenceEngine::reconcileOnline()
{
    m_moved.clear();
    m_isComparing = true;
    m_store->fetchOnline([this,
                          comparison = ++m_comparison](const Result<std::vector<UserId>> &users) {
        if (comparison != m_comparison)
            return;
        m_isComparing = false;
        const QSet<UserId> moved = std::exchange(m_moved, {});
        if (!users || !isFresh())
            return; // again the next time it is fresh
        m_heldWhileOffline.intersect(moved); // what was missed of the others is in the answer
        const QSet<UserId> online(users->begin(), users->end());
        const QSet<UserId> known = m_online; // a copy: announcing changes it
        for (const UserId &user : online) {
            if (!moved.contains(user))
                setUserOnline(user, true);
        }
        for (const UserId &user : known) {
            if (!online.contains(user) && !moved.contains(user) && !m_tracker.containsUser(user))
                setUserOnline(user, false);
        }
    });
}

void PresenceEngine::handleUserStatus(const UserId &user, bool isOnline)
{
    m_asked.remove(user); // this is newer than what the answer will be
    if (!isOnline && m_tracker.containsUser(user)) {
        m_heldWhileOffline.insert(user); // before what this node has to say of them
        if (m_isComparing)
            m_moved.insert(user);
        return;
    }
    m_heldWhileOffline.remove(user);
    setUserOnline(user, isOnline);
}

/// The user may have come and gone here before Redis heard of it: then nobody reports them again.
void PresenceEngine::askWhetherOnline(const UserId &user)
{
    m_asked.insert(user);
    m_store->fetchIsOnline(user, [this, user](const Result<bool> &isOnline) {
        if (m_asked.remove(user) && isOnline && !m_tracker.containsUser(user))
            setUserOnline(user, *isOnline);
    });
}

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/presenceservice.h"
#include "plugins/presence/heldview.h"
#include "plugins/presence/joinwaiters.h"
#include "plugins/presence/presenceconfig.h"
#include "plugins/presence/presencemetrics.h"
#include "plugins/presence/reconciler.h"
#include "plugins/presence/remoterooms.h"
#include "plugins/presence/tracker.h"

#include <QSet>

#include <memory>

namespace Rollcall {
class RedisService;
}

namespace Rollcall::Presence {

/// The presence of this node: the tracker's own memberships, what the store tells of the others,
/// and the announcements that follow from both. A user is announced once, wherever they are held:
/// memberJoined and memberLeft come from the tracker or from the store, whichever knows the first
/// or the last of their memberships.
///
/// Without a RedisService, with one that is not configured, or with `presence.enabled = false` it
/// is a single node in memory. `clock`, `metrics` and `redis` must outlive it.
class PresenceEngine final : public PresenceService
{
    Q_OBJECT
public:
    PresenceEngine(const PresenceConfig &config, Clock &clock, Metrics &metrics,
                   RedisService *redis, NodeId node, QObject *parent = nullptr);
    ~PresenceEngine() override;

    /// Takes over what can change while running: times and liveness.
    void applyConfiguration(const PresenceConfig &config);
    /// What other nodes may tell clients about this one; empty: nothing. Asked again and again.
    void setPublicUrl(std::function<QByteArray()> url) { m_store->setPublicUrl(std::move(url)); }
    /// Leaves the node's seats to the draining lease. `done` runs once that is written, or cannot
    /// be.
    void drain(std::function<void()> done);

    void join(const MembershipRequest &request, QObject *context, JoinCallback done) override;
    void leave(ConnectionId connection, const RoomId &room, LeaveReason reason) override;
    void connectionEnded(ConnectionId connection, LeaveReason reason) override;
    void evict(const RoomId &room, const UserId &user, LeaveReason reason) override;

    bool isMember(ConnectionId connection, const RoomId &room) const override;
    RoomSnapshot snapshot(const RoomId &room) const override;
    int occupancy(const RoomId &room) const override;
    bool containsUser(const RoomId &room, const UserId &user) const override;
    std::vector<RoomOccupancy> occupancies() const override;

    void fetchSnapshot(const RoomId &room, QObject *context, JoinCallback done) override;
    void fetchStatuses(const std::vector<UserId> &users, QObject *context,
                       StatusesCallback done) override;
    void inspect(const PresenceSubject &subject, QObject *context,
                 InspectionCallback done) override;
    void purge(const PresenceSubject &subject, QObject *context, PurgeCallback done) override;

    bool isFresh() const override { return m_store->isFresh(); }
    qint64 asOfMs() const override;
    LivenessTimes times(Dialect dialect) const override { return m_config.timesOf(dialect); }
    bool livenessIsConnection() const override { return m_config.livenessIsConnection; }

    std::vector<OpenNode> openNodes(const RoomId &room) const override;
    void findHome(const RoomId &room, QObject *context, HomeCallback done) override;
    void beginDraining() override;
    bool isDraining() const override { return m_isDraining; }

    bool hasRemoteMembers(const RoomId &room) const override { return m_remote.hasMembers(room); }
    void relay(const RoomId &room, const QByteArray &payload) override;

public Q_SLOTS:
    void touch(Rollcall::ConnectionId connection, const Rollcall::RoomId &room) override;
    void setState(Rollcall::ConnectionId connection, const Rollcall::RoomId &room,
                  Rollcall::MemberState state) override;

private:
    enum class Silence { Announce, Drained };
    struct Questions;

    void startQuestions(RedisService &redis, Metrics &metrics, const NodeId &node);
    HeldView heldView(const NodeId &node) const;
    UserStatus statusOf(const UserId &user, const UserStatus *asked) const;
    PresenceInspection inspectHere(const PresenceSubject &subject) const;
    void connectStore();
    void writeSeat(const RoomId &room, const UserId &user);
    void noteGrace(const RoomId &room, const UserId &user);
    void announceUpdate(const RoomId &room, const UserId &user);
    void awaitRoom(const MembershipRequest &request, QObject *context, JoinCallback done);
    void refreshLost(ConnectionId connection, const RoomId &room);
    void handleExpired(const Tracker::Ended &ended);
    void finishEnd(const Tracker::Ended &ended, Silence silence = Silence::Announce);
    void releaseSeat(const Tracker::Ended &ended);
    void evictHere(const RoomId &room, const UserId &user, LeaveReason reason);
    void handleRoomLoaded(const RoomId &room, const RoomMembers &members);
    void handleSeatTaken(const RoomId &room, const NodeId &node, const Member &member);
    void handleSeatUpdated(const RoomId &room, const NodeId &node, const Member &member);
    void handleSeatReleased(const RoomId &room, const NodeId &node, const UserId &user,
                            LeaveReason reason);
    void handleFreshness(bool isFresh);
    void handleUserStatus(const UserId &user, bool isOnline);
    void reconcileOnline();
    void askWhetherOnline(const UserId &user);
    void cancelGraces(const RoomId &room, const UserId &user);
    void announceOccupancy(const RoomId &room);
    void setUserOnline(const UserId &user, bool isOnline);
    void updateMetrics();

    PresenceConfig m_config;
    Clock &m_clock;
    PresenceMetrics m_metrics;
    std::chrono::milliseconds m_requestDeadline{0};
    Tracker m_tracker;
    RemoteRooms m_remote;
    JoinWaiters m_waiters;
    std::unique_ptr<PresenceStore> m_store;
    Reconciler m_reconciler;
    std::shared_ptr<Questions>
        m_questions; // null without Redis; shared with nobody, but its type is private
    QSet<UserId> m_online; // users announced as online, here or elsewhere
    QSet<UserId> m_moved; // while m_online is compared with the store: who came or went
    quint64 m_comparison = 0; // the latest
    bool m_isComparing = false;
    QSet<UserId> m_heldWhileOffline; // who is held here but was reported as offline
    QSet<UserId> m_asked; // who is not held here any more: the store is asked whether others do
    bool m_isDraining = false;
    qint64 m_freshUntilMs = 0; // while not fresh: when it last was
};

} // namespace Rollcall::Presence

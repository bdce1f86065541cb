// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/heartbeatflush.h"
#include "plugins/presence/nodelease.h"
#include "plugins/presence/occupancyfeed.h"
#include "plugins/presence/othernodes.h"
#include "plugins/presence/reaper.h"
#include "plugins/presence/resynchronizer.h"
#include "plugins/presence/roomchannels.h"
#include "plugins/presence/seatrestorer.h"
#include "plugins/presence/seatwriter.h"
#include "plugins/presence/statusfeed.h"
#include "plugins/presence/storequestions.h"

namespace Rollcall {
struct RedisReply;
}

namespace Rollcall::Presence {

/// A PresenceStore in Redis, shared by all nodes (docs/presence.md has the keys).
///
/// After every connect: scripts, lease, earlier runs of this host, resync, rooms. It is reachable
/// once the earlier runs are gone, and fresh once its own seats are written, the rooms are loaded
/// and every node that was known before has written its own, or has had two leases' time to do so.
/// Until then what other nodes held is kept.
class RedisPresenceStore final : public PresenceStore
{
    Q_OBJECT
public:
    /// All must outlive the store; `redis` is configured.
    RedisPresenceStore(RedisService &redis, const PresenceConfig &config, Clock &clock,
                       PresenceMetrics &metrics, NodeId node, QObject *parent = nullptr);
    ~RedisPresenceStore() override;

    void start(SeatSource &source) override;
    bool isReachable() const override { return m_isReachable; }
    bool isFresh() const override { return m_isFresh; }
    int nodeCount() const override { return m_nodeCount; }
    std::vector<OpenNode> openNodes() const override { return m_others.open(); }
    void setPublicUrl(std::function<QByteArray()> url) override
    {
        m_context.publicUrl = std::move(url);
    }
    void watch(const RoomId &room) override { m_channels.watch(room); }
    void unwatch(const RoomId &room) override;
    void reload(const RoomId &room) override { m_channels.reload(room); }
    void join(const SeatRecord &seat, ChangeCallback done) override;
    void leave(const RoomId &room, const UserId &user, LeaveReason reason,
               ChangeCallback done) override;
    void noteGrace(const SeatRecord &seat) override;
    void refresh(const UserId &user, std::chrono::milliseconds ttl) override;
    void fetchOccupancies(OccupanciesCallback done) override
    {
        m_questions.fetchOccupancies(std::move(done));
    }
    void fetchIsOnline(const UserId &user, OnlineCallback done) override
    {
        m_questions.fetchIsOnline(user, std::move(done));
    }
    void fetchOnline(UsersCallback done) override { m_questions.fetchOnline(std::move(done)); }
    void publish(const RoomId &room, const QByteArray &payload) override
    {
        m_channels.publish(room, payload);
    }
    void evict(const RoomId &room, const UserId &user, LeaveReason reason) override;
    void drain(std::function<void()> done) override { m_lease.drain(std::move(done)); }

private:
    void connectParts();
    void handleUp();
    void handleDown();
    void handleServerInformation(const RedisReply &reply);
    void handleRenewed(bool wasHeld, const std::vector<NodeState> &nodes);
    void resynchronize();
    void handleResynchronized();
    void settle(const std::vector<NodeState> &nodes);
    void forgetNode(const NodeId &node);
    void loadRooms();
    void handleLoaded(const RoomId &room, const std::vector<HeldMember> &members);
    void handleEvent(const RoomId &room, const RoomEvent &event);
    void updateFreshness();
    void rejoin(const UserId &user);

    StoreContext m_context;
    SeatSource *m_source = nullptr; // borrowed, from start()
    RoomChannels m_channels;
    OccupancyFeed m_occupancies;
    NodeLease m_lease;
    OtherNodes m_others;
    Reaper m_reaper;
    StatusFeed m_status;
    StoreQuestions m_questions;
    std::unique_ptr<HeartbeatFlush> m_flush;
    std::unique_ptr<SeatWriter> m_writer;
    std::unique_ptr<SeatRestorer> m_restorer;
    std::unique_ptr<Resynchronizer> m_resync;

    QByteArray m_run; // of the Redis server
    QSet<NodeId> m_known; // other nodes that were alive
    QSet<NodeId> m_unsettled; // those of them that have not written everything again
    QSet<RoomId> m_awaited; // rooms that must be loaded before this is fresh
    Clock::SteadyTime m_upAt;
    int m_nodeCount = 1;
    bool m_isReachable = false;
    bool m_isSynced = false;
    bool m_isFresh = false;
    bool m_hasReapedEarlierRuns = false;
    bool m_wasUp = false;
};

} // namespace Rollcall::Presence

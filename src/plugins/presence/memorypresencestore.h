// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/presencestore.h"

#include <QSet>

#include <map>
#include <set>

namespace Rollcall::Presence {

class MemoryPresenceStore;

/// What stores in memory share. One node has one of its own; tests let several meet in one.
class MemoryExchange
{
private:
    friend class MemoryPresenceStore;
    struct Room
    {
        std::map<UserId, std::map<NodeId, Member>> seats;
    };
    std::map<RoomId, Room> m_rooms;
    std::map<UserId, std::set<std::pair<NodeId, RoomId>>> m_users; // where they are held
    std::vector<MemoryPresenceStore *> m_stores; // borrowed: each removes itself
};

/// A PresenceStore in RAM, always reachable: for hosts without Redis, and for tests. Everything
/// happens within the call.
class MemoryPresenceStore final : public PresenceStore
{
    Q_OBJECT
public:
    /// `exchange` is borrowed; null: an own one.
    explicit MemoryPresenceStore(NodeId node, MemoryExchange *exchange = nullptr,
                                 QObject *parent = nullptr);
    ~MemoryPresenceStore() override;

    void start(SeatSource &) override { }
    bool isReachable() const override { return true; }
    bool isFresh() const override { return true; }
    std::vector<OpenNode> openNodes() const override { return {}; }
    void setPublicUrl(std::function<QByteArray()>) override { }
    int nodeCount() const override { return int(m_exchange->m_stores.size()); }
    void watch(const RoomId &room) override;
    void unwatch(const RoomId &room) override { m_watched.remove(room); }
    void reload(const RoomId &room) override;
    void join(const SeatRecord &seat, ChangeCallback done) override;
    void leave(const RoomId &room, const UserId &user, LeaveReason reason,
               ChangeCallback done) override;
    void noteGrace(const SeatRecord &) override { } // operators ask the node itself
    void refresh(const UserId &, std::chrono::milliseconds) override { }
    void fetchOccupancies(OccupanciesCallback done) override;
    void fetchIsOnline(const UserId &user, OnlineCallback done) override
    {
        done(m_exchange->m_users.contains(user));
    }
    void fetchOnline(UsersCallback done) override;
    void publish(const RoomId &room, const QByteArray &payload) override;
    void evict(const RoomId &room, const UserId &user, LeaveReason reason) override;
    void drain(std::function<void()> done) override
    {
        if (done)
            done();
    }

private:
    template <typename Notice>
    void tellOthers(Notice notice, const RoomId *watchers = nullptr);
    void tellStatus(const UserId &user, bool isOnline);

    std::vector<HeldMember> heldElsewhere(const RoomId &room) const;

    NodeId m_node;
    MemoryExchange m_own;
    MemoryExchange *m_exchange;
    QSet<RoomId> m_watched;
};

} // namespace Rollcall::Presence

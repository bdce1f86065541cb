// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/storecontext.h"

#include <functional>
#include <vector>

namespace Rollcall::Presence {

/// A node as its lease in Redis shows it.
struct NodeState
{
    NodeId node;
    std::chrono::milliseconds left{0}; ///< rest of its lease; 0 or less: it is dead
    bool isDraining = false;
    QByteArray synced; ///< the run of Redis to which it has written everything; empty: none
    QByteArray publicUrl; ///< what clients should use; empty: none

    bool isAlive() const { return left.count() > 0; }
};

/// This node's proof of life in Redis, renewed at intervals, and what it shows of the other nodes.
class NodeLease final : public QObject
{
    Q_OBJECT
public:
    explicit NodeLease(StoreContext &context, QObject *parent = nullptr);

    /// Renews at once, and from then on at intervals.
    void start();
    void stop();
    /// Everything this node holds has been written to this run of Redis; empty: not yet.
    void setSynced(const QByteArray &run);
    /// Renews more often, to see soon what other nodes do.
    void setUrgent(bool isUrgent) { m_isUrgent = isUrgent; }
    void renew();
    /// From now on the lease is the draining one. `done` runs with the answer, or when there is
    /// none.
    void drain(std::function<void()> done);
    bool isDraining() const { return m_isDraining; }

Q_SIGNALS:
    /// `wasHeld` false: the lease had run out or was taken away: everything must be written again.
    void renewed(bool wasHeld, const std::vector<Rollcall::Presence::NodeState> &nodes);

private:
    void handleReply(const RedisReply &reply);
    void scheduleNext(const std::vector<NodeState> &nodes);

    StoreContext &m_context;
    std::unique_ptr<ClockTimer> m_timer;
    QByteArray m_synced;
    Clock::SteadyTime m_sentAt;
    std::vector<std::function<void()>> m_drained;
    bool m_isPending = false;
    bool m_isUrgent = false;
    bool m_isDraining = false;
};

} // namespace Rollcall::Presence

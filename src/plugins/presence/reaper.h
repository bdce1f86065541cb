// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/nodelease.h"

#include <QHash>

namespace Rollcall::Presence {

/// Takes what dead nodes held out of Redis. Every node does it, without a leader: who comes second
/// finds nothing.
class Reaper final : public QObject
{
    Q_OBJECT
public:
    explicit Reaper(StoreContext &context, QObject *parent = nullptr);

    void start();
    void stop();
    /// After an outage of Redis every lease has run out: the others get time to renew theirs. Who
    /// has done so since is reaped as ever.
    void suspendUntil(Clock::SteadyTime time);

    /// Reaps those whose lease ran out. `run`: this run of Redis, as nodes name it that have
    /// written to it.
    void handleNodes(const std::vector<NodeState> &nodes, const QByteArray &run);
    /// Reaps earlier runs of this very host, whatever their lease says. `done` runs when nothing is
    /// left of them.
    void reapEarlierRuns(const std::vector<NodeState> &nodes, std::function<void()> done);

Q_SIGNALS:
    void occupancyKnown(const Rollcall::RoomId &room, int users);

private:
    struct Job
    {
        NodeId node;
        LeaveReason reason = LeaveReason::Lost;
        bool isForced = false;
        std::vector<RoomId> rooms; // still to do
        int taken = 0;
    };
    using JobPointer =
        std::shared_ptr<Job>; // shared with the callbacks of the commands on their way

    bool isSuspended() const { return m_context.clock.now() < m_suspendedUntil; }
    void begin(const NodeId &node, LeaveReason reason, bool isForced);
    void step(const JobPointer &job);
    void handleStep(const JobPointer &job, const RoomId &room, const RedisReply &reply);
    void finish(const JobPointer &job);
    void sweep();

    StoreContext &m_context;
    std::unique_ptr<ClockTimer> m_sweepTimer;
    Clock::SteadyTime m_suspendedUntil;
    QHash<NodeId, JobPointer> m_jobs;
    QSet<NodeId> m_draining; // nodes last seen so
    QSet<NodeId>
        m_confirmed; // nodes that lived and had written everything since the last suspension
    std::function<void()> m_earlierRunsDone;
};

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/reaper.h"

#include "plugins/presence/presencescripts.h"

namespace Rollcall::Presence {

namespace {

using namespace std::chrono_literals;

constexpr qint64 kMembersPerCall = 100;
constexpr qint64 kSweptPerCall = 500;
// How long a node keeps the sweeping to itself after its last call.
constexpr auto kSweeperLife = 2s;

/// "<node id>." of "<node id>.<incarnation>".
QByteArray hostOf(const NodeId &node)
{
    return node.value().left(node.value().lastIndexOf('.') + 1);
}

} // namespace

Reaper::Reaper(StoreContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_sweepTimer(context.clock.createTimer([this] { sweep(); }))
{ }

void Reaper::start() { m_sweepTimer->startRepeating(m_context.config.sweepInterval); }

void Reaper::stop()
{
    m_sweepTimer->stop();
    m_jobs.clear();
    m_earlierRunsDone = {};
}

void Reaper::suspendUntil(Clock::SteadyTime time)
{
    m_suspendedUntil = time;
    m_confirmed.clear();
}

void Reaper::handleNodes(const std::vector<NodeState> &nodes, const QByteArray &run)
{
    for (const NodeState &state : nodes) {
        if (state.node == m_context.keys.node())
            continue;
        if (state.isAlive()) {
            if (state.isDraining)
                m_draining.insert(state.node);
            if (state.synced == run)
                m_confirmed.insert(state.node);
        } else if (!isSuspended() || m_confirmed.contains(state.node)) {
            begin(state.node,
                  m_draining.contains(state.node) ? LeaveReason::Drained : LeaveReason::Lost,
                  false);
        }
    }
}

void Reaper::reapEarlierRuns(const std::vector<NodeState> &nodes, std::function<void()> done)
{
    const QByteArray host = hostOf(m_context.keys.node());
    for (const NodeState &state : nodes) {
        if (!host.isEmpty() && state.node != m_context.keys.node() && hostOf(state.node) == host)
            begin(state.node, LeaveReason::Lost, true);
    }
    m_earlierRunsDone = std::move(done);
    if (m_jobs.isEmpty())
        finish({});
}

void Reaper::begin(const NodeId &node, LeaveReason reason, bool isForced)
{
    if (m_jobs.contains(node))
        return;
    const auto job = std::make_shared<Job>();
    job->node = node;
    job->reason = reason;
    job->isForced = isForced;
    m_jobs.insert(node, job);
    qCInfo(lcPresence).noquote() << "presence: reaping node" << node.value()
                                 << (isForced ? "(an earlier run of this host)"
                                              : "(its lease ran out)");
    m_context.client().command({"SMEMBERS", m_context.keys.nodeRooms(node)}, this,
                               [this, job](const RedisReply &reply) {
                                   if (!m_context.check(reply, "SMEMBERS")) {
                                       finish(job);
                                       return;
                                   }
                                   for (const RedisReply &room : reply.elements)
                                       job->rooms.push_back(RoomId(room.text));
                                   if (job->rooms.empty())
                                       job->rooms.push_back(RoomId()); // only forget the node
                                   step(job);
                               });
}

void Reaper::step(const JobPointer &job)
{
    if (m_jobs.value(job->node) != job)
        return; // stopped
    if (job->rooms.empty()) {
        finish(job);
        return;
    }
    const RoomId room = job->rooms.back();
    const PresenceKeys &keys = m_context.keys;
    ScriptCall()
        .key(keys.page(room))
        .key(keys.roomNodes(room))
        .key(keys.roomNode(room, job->node))
        .key(keys.occupancy())
        .key(keys.nodes())
        .key(keys.nodeRooms(job->node))
        .key(keys.lease(job->node))
        .key(keys.online())
        .key(keys.deadlines())
        .argument(job->node.value())
        .argument(room.value())
        .argument(keys.roomNodePrefix(room))
        .argument(keys.roomUserPrefix(room))
        .argument(kMembersPerCall)
        .argument(job->isForced ? 1 : 0)
        .argument(leaveReasonName(job->reason).toByteArray())
        .argument(keys.roomEvents(room))
        .argument(keys.offlineEvents())
        .argument(keys.userPrefix())
        .argument(keys.metaPrefix())
        .argument(m_context.metaLife())
        .run(m_context.client(), PresenceScripts::reap(), this,
             [this, job, room](const RedisReply &reply) { handleStep(job, room, reply); });
}

void Reaper::handleStep(const JobPointer &job, const RoomId &room, const RedisReply &reply)
{
    if (!m_context.check(reply, "REAP") || reply.elements.size() < 3) {
        finish(job); // the next look at the leases begins again
        return;
    }
    const qint64 left = reply.elements[0].integer;
    if (left < 0) {
        finish(job); // it lives after all
        return;
    }
    const int taken = int(reply.elements[2].integer);
    job->taken += taken;
    m_context.metrics.reaped.Increment(taken);
    if (!room.isNull())
        Q_EMIT occupancyKnown(room, int(reply.elements[1].integer));
    if (left == 0)
        job->rooms.pop_back();
    step(job);
}

void Reaper::finish(const JobPointer &job)
{
    if (job && m_jobs.value(job->node) == job) {
        if (job->rooms.empty()) {
            qCInfo(lcPresence).noquote() << "presence: node" << job->node.value() << "is reaped,"
                                         << job->taken << "memberships";
            m_draining.remove(job->node);
            m_confirmed.remove(job->node);
        }
        m_jobs.remove(job->node);
    }
    if (m_jobs.isEmpty() && m_earlierRunsDone)
        std::exchange(m_earlierRunsDone, {})();
}

void Reaper::sweep()
{
    if (isSuspended() || !m_context.redis.isUp())
        return;
    const PresenceKeys &keys = m_context.keys;
    ScriptCall()
        .key(keys.deadlines())
        .key(keys.online())
        .key(keys.nodes())
        .key(keys.reaper())
        .argument(keys.node().value())
        .argument(qint64(std::chrono::milliseconds(kSweeperLife).count()))
        .argument(kSweptPerCall)
        .argument(keys.userPrefix())
        .argument(keys.metaPrefix())
        .argument(m_context.metaLife())
        .argument(keys.offlineEvents())
        .run(m_context.client(), PresenceScripts::sweep(), this,
             [this](const RedisReply &reply) { m_context.check(reply, "SWEEP"); });
}

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/nodelease.h"

#include "core/base/version.h"
#include "core/redis/redisclient.h"
#include "plugins/presence/presencescripts.h"

#include <QSysInfo>

namespace Rollcall::Presence {

namespace {

using namespace std::chrono_literals;

constexpr auto kUrgentInterval = 100ms;

} // namespace

NodeLease::NodeLease(StoreContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_timer(context.clock.createTimer([this] { renew(); }))
{ }

void NodeLease::start() { renew(); }

void NodeLease::stop()
{
    m_timer->stop();
    m_isPending = false;
    for (const auto &done : std::exchange(m_drained, {}))
        done();
}

void NodeLease::setSynced(const QByteArray &run)
{
    if (std::exchange(m_synced, run) != run)
        renew();
}

void NodeLease::drain(std::function<void()> done)
{
    m_isDraining = true;
    if (!m_context.redis.isUp()) {
        if (done)
            done();
        return;
    }
    if (done)
        m_drained.push_back(std::move(done));
    m_isPending = false; // a renewal on its way says "up"; this one comes after it
    renew();
    // Sooner than the others' next look at the leases: until then they send clients here.
    m_context.client().send({"PUBLISH", m_context.keys.nodes(), m_context.keys.node().value()});
}

void NodeLease::renew()
{
    if (m_isPending || !m_context.redis.isUp())
        return;
    m_isPending = true;
    m_sentAt = m_context.clock.now();
    m_timer->startOnce(m_context.config.leaseInterval);
    const PresenceKeys &keys = m_context.keys;
    const auto lease = m_isDraining ? m_context.config.drainingLease : m_context.config.lease;
    ScriptCall()
        .key(keys.lease(keys.node()))
        .key(keys.nodes())
        .argument(keys.node().value())
        .argument(qint64(lease.count()))
        .argument(keys.leasePrefix())
        .argument(m_synced)
        .argument("state")
        .argument(m_isDraining ? "draining" : "up")
        .argument("url")
        .argument(m_context.publicUrl ? m_context.publicUrl() : QByteArray())
        .argument("host")
        .argument(QSysInfo::machineHostName().toUtf8())
        .argument("version")
        .argument(QByteArray(version().data(), version().size()))
        .run(m_context.client(), PresenceScripts::lease(), this,
             [this, isDraining = m_isDraining](const RedisReply &reply) {
                 handleReply(reply);
                 if (isDraining) {
                     for (const auto &done : std::exchange(m_drained, {}))
                         done();
                 }
             });
}

void NodeLease::handleReply(const RedisReply &reply)
{
    m_isPending = false;
    if (!m_context.check(reply, "LEASE") || !reply.isArray() || reply.elements.size() < 2)
        return; // the timer tries again
    m_context.setRedisTime(reply.elements[1].integer, m_sentAt);
    std::vector<NodeState> nodes;
    for (size_t i = 2; i + 4 < reply.elements.size(); i += 5) {
        nodes.push_back({.node = NodeId(reply.elements[i].text),
                         .left = std::chrono::milliseconds(reply.elements[i + 1].integer),
                         .isDraining = reply.elements[i + 2].text == "draining",
                         .synced = reply.elements[i + 3].text,
                         .publicUrl = reply.elements[i + 4].text});
    }
    const bool wasHeld = reply.elements.front().integer == 1;
    if (!wasHeld)
        m_synced.clear();
    scheduleNext(nodes);
    Q_EMIT renewed(wasHeld, nodes);
}

void NodeLease::scheduleNext(const std::vector<NodeState> &nodes)
{
    auto next = m_isUrgent ? kUrgentInterval : m_context.config.leaseInterval;
    // A lease that runs out before the next look: look right after it.
    for (const NodeState &state : nodes) {
        if (state.isAlive() && state.node != m_context.keys.node())
            next = std::min(next, state.left + 1ms);
    }
    m_timer->startOnce(std::max(next, std::chrono::milliseconds(10ms)));
}

} // namespace Rollcall::Presence

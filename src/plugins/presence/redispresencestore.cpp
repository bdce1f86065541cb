// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/redispresencestore.h"

#include "plugins/presence/memberjson.h"
#include "plugins/presence/presencescripts.h"

#include <QRandomGenerator>

namespace Rollcall::Presence {

namespace {

using namespace std::chrono_literals;

// So that all nodes do not write everything at once after an outage.
constexpr auto kLongestResyncDelay = 1s;
// A server this young has lost its leases, or has old ones.
constexpr auto kYoung = 10s;

/// "uptime_in_seconds:12" in the answer of INFO.
QByteArray field(const QByteArray &information, QByteArrayView name)
{
    for (const QByteArray &line : information.split('\n')) {
        if (line.startsWith(name) && line.size() > name.size() && line[name.size()] == ':')
            return line.sliced(name.size() + 1).trimmed();
    }
    return {};
}

} // namespace

RedisPresenceStore::RedisPresenceStore(RedisService &redis, const PresenceConfig &config,
                                       Clock &clock, PresenceMetrics &metrics, NodeId node,
                                       QObject *parent)
    : PresenceStore(parent)
    , m_context(redis, clock, metrics, config, std::move(node))
    , m_channels(m_context)
    , m_occupancies(m_context)
    , m_lease(m_context)
    , m_others(m_context)
    , m_reaper(m_context)
    , m_status(m_context)
    , m_questions(m_context)
{ }

RedisPresenceStore::~RedisPresenceStore() = default;

void RedisPresenceStore::start(SeatSource &source)
{
    m_source = &source;
    m_flush = std::make_unique<HeartbeatFlush>(m_context, source);
    m_writer = std::make_unique<SeatWriter>(m_context, source, m_channels, *m_flush, m_occupancies);
    m_restorer = std::make_unique<SeatRestorer>(m_context, source, m_channels, *m_flush,
                                                m_occupancies, *m_writer);
    m_resync =
        std::make_unique<Resynchronizer>(m_context, source, *m_flush, *m_writer, *m_restorer);
    connectParts();
    m_occupancies.start();
    m_status.start();
    m_others.start();
    if (m_context.redis.isUp())
        handleUp();
}

void RedisPresenceStore::connectParts()
{
    connect(&m_context.redis, &RedisService::up, this, &RedisPresenceStore::handleUp);
    connect(&m_context.redis, &RedisService::down, this, &RedisPresenceStore::handleDown);
    connect(&m_lease, &NodeLease::renewed, this, &RedisPresenceStore::handleRenewed);
    connect(m_resync.get(), &Resynchronizer::finished, this,
            &RedisPresenceStore::handleResynchronized);
    connect(m_flush.get(), &HeartbeatFlush::userVanished, this, &RedisPresenceStore::rejoin);
    connect(m_flush.get(), &HeartbeatFlush::graceDiffered, this, &RedisPresenceStore::noteGrace);
    connect(&m_channels, &RoomChannels::loaded, this, &RedisPresenceStore::handleLoaded);
    connect(&m_channels, &RoomChannels::eventReceived, this, &RedisPresenceStore::handleEvent);
    connect(&m_channels, &RoomChannels::eventsMissed, this, &PresenceStore::eventsMissed);
    connect(&m_channels, &RoomChannels::ownNodeReaped, &m_lease, &NodeLease::renew);
    connect(&m_reaper, &Reaper::occupancyKnown, &m_occupancies, &OccupancyFeed::tell);
    connect(&m_status, &StatusFeed::reported, this, &PresenceStore::userStatusReported);
    // While other nodes still write what they hold, Redis counts too few.
    connect(&m_occupancies, &OccupancyFeed::reported, this, [this](const RoomId &room, int users) {
        if (m_isFresh)
            Q_EMIT occupancyReported(room, users);
    });
}

void RedisPresenceStore::handleUp()
{
    m_upAt = m_context.clock.now();
    if (std::exchange(m_wasUp, true))
        m_reaper.suspendUntil(m_upAt + 2 * m_context.config.lease);
    m_unsettled = m_known;
    m_context.forgetRedisTime();
    PresenceScripts::load(m_context.client());
    m_channels.handleUp();
    m_context.client().command({"INFO", "server"}, this,
                               [this](const RedisReply &reply) { handleServerInformation(reply); });
}

void RedisPresenceStore::handleServerInformation(const RedisReply &reply)
{
    if (!m_context.check(reply, "INFO"))
        return; // the connection is lost, and will be up again
    m_run = field(reply.text, "run_id");
    const std::chrono::seconds uptime(field(reply.text, "uptime_in_seconds").toLongLong());
    if (uptime < kYoung)
        m_reaper.suspendUntil(m_upAt + 2 * m_context.config.lease);
    m_reaper.start();
    m_writer->start();
    m_lease.setUrgent(true);
    m_lease.start();
}

void RedisPresenceStore::handleDown()
{
    m_isReachable = false;
    m_isSynced = false;
    m_lease.setSynced({});
    m_lease.stop();
    m_reaper.stop();
    m_flush->stop();
    m_resync->stop();
    m_channels.handleDown();
    m_occupancies.stop();
    m_writer->stop();
    m_awaited.clear();
    updateFreshness();
}

void RedisPresenceStore::handleRenewed(bool wasHeld, const std::vector<NodeState> &nodes)
{
    m_nodeCount = int(std::ranges::count_if(nodes, &NodeState::isAlive));
    m_others.update(nodes);
    if (!m_isReachable) {
        // Seats of this host's earlier runs would be counted beside those of this one.
        const auto begin = [this] {
            m_hasReapedEarlierRuns = true;
            m_isReachable = true;
            resynchronize();
        };
        if (m_hasReapedEarlierRuns)
            begin();
        else
            m_reaper.reapEarlierRuns(nodes, begin);
    } else if (!wasHeld) { // also while a resync runs: what it has written may be reaped
        qCInfo(lcPresence) << "presence: the lease was lost, writing everything again";
        m_isSynced = false;
        m_unsettled = m_known;
        m_upAt = m_context.clock.now();
        resynchronize();
    }
    m_reaper.handleNodes(nodes, m_run);
    m_channels.retry();
    settle(nodes);
}

void RedisPresenceStore::resynchronize()
{
    updateFreshness();
    const auto delay = m_nodeCount > 1 && m_source->heldRooms().size() > 0
        ? std::chrono::milliseconds(QRandomGenerator::global()->bounded(qint64(
            std::min<std::chrono::milliseconds>(kLongestResyncDelay, m_context.config.lease / 5)
            / 1ms)))
        : 0ms;
    m_resync->start(delay, m_lease.isDraining());
}

void RedisPresenceStore::handleResynchronized()
{
    m_isSynced = true;
    m_lease.setSynced(m_run);
    loadRooms();
}

/// Finds out which of the nodes known before the outage are done.
void RedisPresenceStore::settle(const std::vector<NodeState> &nodes)
{
    const qsizetype before = m_unsettled.size();
    for (const NodeState &state : nodes) {
        if (state.synced == m_run || state.isDraining)
            m_unsettled.remove(state.node);
    }
    if (m_context.clock.now() >= m_upAt + 2 * m_context.config.lease)
        m_unsettled.clear(); // who has not come back by now is dead
    if (m_isSynced && m_unsettled.size() != before)
        loadRooms();
    if (!m_unsettled.isEmpty())
        return;
    m_known.clear();
    for (const NodeState &state : nodes) {
        if (state.isAlive() && state.node != m_context.keys.node())
            m_known.insert(state.node);
    }
    updateFreshness();
}

/// A node that was reaped will not write anything again: it is not waited for.
void RedisPresenceStore::forgetNode(const NodeId &node)
{
    m_known.remove(node);
    if (!m_unsettled.remove(node))
        return;
    if (m_isSynced)
        loadRooms();
    else
        updateFreshness();
}

void RedisPresenceStore::loadRooms()
{
    m_awaited.clear();
    for (const RoomId &room : m_source->heldRooms())
        m_awaited.insert(room);
    m_channels.reloadAll();
    updateFreshness();
}

void RedisPresenceStore::handleLoaded(const RoomId &room, const std::vector<HeldMember> &members)
{
    for (const HeldMember &held : members)
        m_known.insert(held.node);
    Q_EMIT roomLoaded(room, {members, std::vector<NodeId>(m_unsettled.begin(), m_unsettled.end())});
    if (m_awaited.remove(room))
        updateFreshness();
}

void RedisPresenceStore::unwatch(const RoomId &room)
{
    m_channels.unwatch(room);
    if (m_awaited.remove(room))
        updateFreshness();
}

void RedisPresenceStore::updateFreshness()
{
    const bool isFresh =
        m_isReachable && m_isSynced && m_unsettled.isEmpty() && m_awaited.isEmpty();
    m_lease.setUrgent(!isFresh);
    if (std::exchange(m_isFresh, isFresh) != isFresh)
        Q_EMIT freshnessChanged(isFresh);
}

void RedisPresenceStore::handleEvent(const RoomId &room, const RoomEvent &event)
{
    switch (event.kind) {
    case RoomEvent::Kind::Join:
        m_known.insert(event.node); // sooner than the next look at the leases
        Q_EMIT seatTaken(room, event.node, memberFromJson(event.users.front(), event.body));
        break;
    case RoomEvent::Kind::Restored:
        m_known.insert(event.node);
        m_channels.reload(room);
        break;
    case RoomEvent::Kind::Update:
        Q_EMIT seatUpdated(room, event.node, memberFromJson(event.users.front(), event.body));
        break;
    case RoomEvent::Kind::Leave:
    case RoomEvent::Kind::Reap:
        for (const UserId &user : event.users)
            Q_EMIT seatReleased(room, event.node, user, event.reason);
        if (event.kind == RoomEvent::Kind::Reap)
            forgetNode(event.node);
        break;
    case RoomEvent::Kind::Relay:
        for (const QByteArray &payload : event.payloads)
            Q_EMIT payloadReceived(room, event.node, payload);
        break;
    case RoomEvent::Kind::Evict:
        Q_EMIT evictionRequested(room, event.users.front(), event.reason);
        break;
    case RoomEvent::Kind::Mark:
        break;
    }
}

void RedisPresenceStore::join(const SeatRecord &seat, ChangeCallback done)
{
    if (!m_isReachable)
        return; // the resync writes it
    m_channels.whenSubscribed(seat.room, [this, room = seat.room, user = seat.member.user, done] {
        const auto current = m_source->seat(room, user);
        if (!current)
            return;
        m_writer->join(*current, [room, done](const RedisReply &reply) {
            if (done && reply.isArray() && reply.elements.size() >= 4)
                done(SeatChange{reply.elements[0].integer == 1, int(reply.elements[1].integer),
                                reply.elements[3].integer == 1});
        });
    });
}

void RedisPresenceStore::leave(const RoomId &room, const UserId &user, LeaveReason reason,
                               ChangeCallback done)
{
    m_restorer->noteLeave(user);
    if (!m_isReachable) {
        m_resync->noteMissedLeave(room, user, reason);
        return;
    }
    m_writer->leave(room, user, reason, [this, room, user, reason, done](const RedisReply &reply) {
        if (reply.isArray() && reply.elements.size() >= 3) {
            if (done)
                done(SeatChange{reply.elements[0].integer == 1, int(reply.elements[1].integer),
                                reply.elements[2].integer == 1});
        } else {
            m_resync->noteMissedLeave(room, user, reason);
        }
    });
}

/// The user's key was gone from Redis.
void RedisPresenceStore::rejoin(const UserId &user)
{
    m_context.metrics.recreated.Increment();
    for (const SeatRecord &seat : m_source->seatsOf(user))
        m_writer->join(seat, {});
}

void RedisPresenceStore::noteGrace(const SeatRecord &seat)
{
    if (m_isReachable) // else the resync finds that it differs
        m_writer->noteGrace(seat);
}

void RedisPresenceStore::refresh(const UserId &user, std::chrono::milliseconds ttl)
{
    if (m_isReachable)
        m_flush->refresh(user, ttl);
}

void RedisPresenceStore::evict(const RoomId &room, const UserId &user, LeaveReason reason)
{
    m_channels.evict(room, user, reason);
}

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/presenceengine.h"

#include "core/services/redisservice.h"
#include "plugins/presence/memorypresencestore.h"
#include "plugins/presence/redispresencestore.h"

namespace Rollcall::Presence {

namespace {

/// What a room known only by its id is: pages are paths, groups carry their prefix (protocol,
/// dialects).
RoomKind kindOf(const RoomId &room)
{
    if (room.value().startsWith('/'))
        return RoomKind::Page;
    return room.value().startsWith("group:") ? RoomKind::Group : RoomKind::Room;
}

bool usesRedis(const PresenceConfig &config, const RedisService *redis)
{
    return config.enabled && redis && redis->isConfigured();
}

std::unique_ptr<PresenceStore> makeStore(const PresenceConfig &config, Clock &clock,
                                         PresenceMetrics &metrics, RedisService *redis, NodeId node)
{
    if (usesRedis(config, redis))
        return std::make_unique<RedisPresenceStore>(*redis, config, clock, metrics,
                                                    std::move(node));
    return std::make_unique<MemoryPresenceStore>(std::move(node));
}

} // namespace

PresenceEngine::PresenceEngine(const PresenceConfig &config, Clock &clock, Metrics &metrics,
                               RedisService *redis, NodeId node, QObject *parent)
    : PresenceService(parent)
    , m_config(config)
    , m_clock(clock)
    , m_metrics(metrics)
    , m_tracker(clock, config, [this](const Tracker::Ended &ended) { handleExpired(ended); })
    , m_waiters(clock,
                [this](const JoinWaiters::Waiter &waiter) {
                    if (!waiter.context || !m_tracker.contains(waiter.connection, waiter.room))
                        return false;
                    waiter.done(snapshot(waiter.room));
                    return true;
                })
    , m_store(makeStore(config, clock, m_metrics, redis, node))
    , m_reconciler(
          clock, *m_store, m_remote, [this](const RoomId &room) { return occupancy(room); },
          [this](const RoomId &room) { announceOccupancy(room); })
    , m_freshUntilMs(clock.wallMs())
{
    if (usesRedis(config, redis))
        m_requestDeadline = redis->requestDeadline();
    connectStore();
    m_store->start(m_tracker);
    if (usesRedis(config, redis)) {
        m_reconciler.start(config.reconcileInterval);
        startQuestions(*redis, metrics, node);
    }
    metrics.addCollector([this] { updateMetrics(); });
}

PresenceEngine::~PresenceEngine() = default;

void PresenceEngine::connectStore()
{
    PresenceStore *store = m_store.get();
    connect(store, &PresenceStore::roomLoaded, this, &PresenceEngine::handleRoomLoaded);
    connect(store, &PresenceStore::seatTaken, this, &PresenceEngine::handleSeatTaken);
    connect(store, &PresenceStore::seatUpdated, this, &PresenceEngine::handleSeatUpdated);
    connect(store, &PresenceStore::seatReleased, this, &PresenceEngine::handleSeatReleased);
    connect(store, &PresenceStore::evictionRequested, this, &PresenceEngine::evictHere);
    connect(store, &PresenceStore::eventsMissed, this, &PresenceEngine::roomResynchronized);
    connect(store, &PresenceStore::payloadReceived, this, &PresenceEngine::relayReceived);
    connect(store, &PresenceStore::occupancyReported, this, [this](const RoomId &room, int users) {
        if (!m_tracker.room(room))
            m_reconciler.setCount(room, users, m_reconciler.nextSequence());
    });
    connect(store, &PresenceStore::freshnessChanged, this, &PresenceEngine::handleFreshness);
    connect(store, &PresenceStore::userStatusReported, this, &PresenceEngine::handleUserStatus);
}

void PresenceEngine::applyConfiguration(const PresenceConfig &config)
{
    m_config.times = config.times;
    m_config.livenessIsConnection = config.livenessIsConnection;
    m_tracker.setTimes(config.times);
}

void PresenceEngine::drain(std::function<void()> done)
{
    m_isDraining = true;
    m_store->drain(std::move(done));
}

void PresenceEngine::join(const MembershipRequest &request, QObject *context, JoinCallback done)
{
    const RoomId &room = request.room;
    const UserId &user = request.member.user;
    // The same connection as somebody else (a new token): that user leaves first.
    if (m_tracker.contains(request.connection, room)
        && !std::ranges::count(m_tracker.connectionsOf(room, user), request.connection))
        leave(request.connection, room, LeaveReason::Left);

    const Tracker::Joined joined = m_tracker.join(request);
    m_metrics.gracesCancelled.Increment(joined.gracesCancelled);
    if (joined.isFirstInRoom) {
        m_remote.watch(room);
        m_store->watch(room);
    }
    if (joined.isFirstOfUser) {
        const bool isKnown = m_remote.contains(room, user);
        m_remote.setLocal(room, user, true);
        if (joined.isUserNew && !m_store->isReachable())
            setUserOnline(user, true);
        writeSeat(room, user);
        if (!isKnown) {
            Q_EMIT memberJoined(room, m_tracker.seat(room, user)->member);
            announceOccupancy(room);
        }
    } else if (joined.hasChanged) {
        announceUpdate(room, user);
    } else if (joined.isOtherDevice) {
        writeSeat(room, user);
    } else {
        m_store->refresh(user, m_config.timesOf(request.dialect).ttl);
        if (joined.wasInGrace)
            noteGrace(room, user);
    }
    awaitRoom(request, context, std::move(done));
}

void PresenceEngine::awaitRoom(const MembershipRequest &request, QObject *context,
                               JoinCallback done)
{
    // Whoever was told of the join may have ended it again.
    if (!done || !m_tracker.contains(request.connection, request.room))
        return;
    if (m_remote.isLoaded(request.room) || !m_store->isReachable()) {
        done(snapshot(request.room));
        return;
    }
    m_waiters.add({request.room, request.connection, context, std::move(done),
                   m_clock.now() + m_requestDeadline});
}

void PresenceEngine::writeSeat(const RoomId &room, const UserId &user)
{
    const std::optional<SeatRecord> seat = m_tracker.seat(room, user);
    if (!seat)
        return;
    m_store->join(*seat, [this, user](const Result<SeatChange> &change) {
        if (change && m_tracker.containsUser(user))
            setUserOnline(user, true);
    });
}

/// For operators who ask Redis or another node; whatever else writes the seat writes it too.
void PresenceEngine::noteGrace(const RoomId &room, const UserId &user)
{
    if (const std::optional<SeatRecord> seat = m_tracker.seat(room, user))
        m_store->noteGrace(*seat);
}

void PresenceEngine::announceUpdate(const RoomId &room, const UserId &user)
{
    const std::optional<SeatRecord> seat = m_tracker.seat(room, user);
    if (!seat)
        return;
    writeSeat(room, user);
    Q_EMIT memberUpdated(room, seat->member);
}

void PresenceEngine::leave(ConnectionId connection, const RoomId &room, LeaveReason reason)
{
    if (const auto ended = m_tracker.leave(connection, room, reason))
        finishEnd(*ended);
}

void PresenceEngine::connectionEnded(ConnectionId connection, LeaveReason reason)
{
    if (reason == LeaveReason::Drained)
        beginDraining();
    for (const RoomId &room : m_tracker.roomsOf(connection)) {
        if (reason == LeaveReason::Lost) {
            if (m_tracker.lose(connection, room) == Tracker::Loss::Over)
                leave(connection, room, reason);
            else
                refreshLost(connection, room);
        } else if (const auto ended = m_tracker.leave(connection, room, reason)) {
            finishEnd(*ended,
                      reason == LeaveReason::Drained ? Silence::Drained : Silence::Announce);
        }
    }
}

/// The user's key must live until the grace is over, though nobody beats any more.
void PresenceEngine::refreshLost(ConnectionId connection, const RoomId &room)
{
    const Membership *membership = m_tracker.membership(connection, room);
    if (!membership)
        return;
    const UserId user = membership->seat->user->id;
    m_store->refresh(user, m_config.timesOf(membership->dialect).ttl);
    if (const auto seat = m_tracker.seat(room, user); seat->graceEnd)
        m_store->noteGrace(*seat);
}

void PresenceEngine::evict(const RoomId &room, const UserId &user, LeaveReason reason)
{
    m_store->evict(room, user, reason);
    evictHere(room, user, reason);
}

void PresenceEngine::evictHere(const RoomId &room, const UserId &user, LeaveReason reason)
{
    for (const ConnectionId connection : m_tracker.connectionsOf(room, user)) {
        const auto ended = m_tracker.leave(connection, room, reason);
        if (!ended)
            continue;
        if (!ended->wasLost)
            Q_EMIT membershipEnded(connection, room, reason);
        finishEnd(*ended);
    }
}

void PresenceEngine::handleExpired(const Tracker::Ended &ended)
{
    // After a grace there is no connection left that could be told.
    if (!ended.wasLost) {
        m_metrics.expired.Increment();
        Q_EMIT membershipEnded(ended.connection, ended.room, ended.reason);
    }
    finishEnd(ended);
}

void PresenceEngine::finishEnd(const Tracker::Ended &ended, Silence silence)
{
    if (ended.hasChanged && silence == Silence::Announce)
        announceUpdate(ended.room, ended.user);
    else if (ended.isInGrace && silence == Silence::Announce)
        noteGrace(ended.room, ended.user);
    if (!ended.isLastOfUser)
        return;
    // A handler of membershipEnded may have brought the user back.
    if (m_tracker.containsUser(ended.room, ended.user))
        return;
    if (silence == Silence::Announce)
        releaseSeat(ended);
    const bool isElsewhere = m_remote.contains(ended.room, ended.user);
    m_remote.setLocal(ended.room, ended.user, false);
    if (ended.isLastInRoom) {
        m_remote.unwatch(ended.room);
        m_store->unwatch(ended.room);
    }
    if (silence == Silence::Drained || isElsewhere)
        return;
    Q_EMIT memberLeft(ended.room, ended.user, ended.reason);
    announceOccupancy(ended.room);
}

void PresenceEngine::releaseSeat(const Tracker::Ended &ended)
{
    const bool isOffline = !m_tracker.containsUser(ended.user);
    const quint64 sequence = m_reconciler.nextSequence();
    const auto handleReply = [this, isOffline, sequence, user = ended.user,
                              room = ended.room](const Result<SeatChange> &change) {
        if (!change)
            return;
        if (!m_tracker.room(room))
            m_reconciler.setCount(room, change->users, sequence);
        if (isOffline && m_heldWhileOffline.remove(user) && !m_tracker.containsUser(user))
            askWhetherOnline(user);
    };
    const bool isReachable = m_store->isReachable();
    m_store->leave(ended.room, ended.user, ended.reason, handleReply);
    if (isOffline && !isReachable && !m_remote.contains(ended.room, ended.user))
        setUserOnline(ended.user, false);
}

void PresenceEngine::touch(ConnectionId connection, const RoomId &room)
{
    const Membership *membership = m_tracker.touch(connection, room);
    if (!membership)
        return;
    m_metrics.heartbeats.Increment();
    m_store->refresh(membership->seat->user->id, m_config.timesOf(membership->dialect).ttl);
}

void PresenceEngine::setState(ConnectionId connection, const RoomId &room, MemberState state)
{
    if (const Seat *seat = m_tracker.setState(connection, room, state))
        announceUpdate(room, UserId(seat->member.user));
}

bool PresenceEngine::isMember(ConnectionId connection, const RoomId &room) const
{
    return m_tracker.contains(connection, room);
}

bool PresenceEngine::containsUser(const RoomId &room, const UserId &user) const
{
    return m_tracker.containsUser(room, user) || m_remote.contains(room, user);
}

int PresenceEngine::occupancy(const RoomId &room) const
{
    const TrackedRoom *tracked = m_tracker.room(room);
    return (tracked ? int(tracked->seats.size()) : 0) + m_remote.countElsewhere(room);
}

RoomSnapshot PresenceEngine::snapshot(const RoomId &room) const
{
    RoomSnapshot snapshot{.room = room,
                          .users = occupancy(room),
                          .members = m_remote.membersElsewhere(room),
                          .stale = !isFresh() || (m_tracker.room(room) && !m_remote.isLoaded(room)),
                          .asOfMs = asOfMs()};
    if (const TrackedRoom *tracked = m_tracker.room(room)) {
        snapshot.members.reserve(snapshot.members.size() + tracked->seats.size());
        for (const auto &[user, seat] : tracked->seats)
            snapshot.members.push_back(seat->member);
    }
    return snapshot;
}

std::vector<RoomOccupancy> PresenceEngine::occupancies() const
{
    std::vector<RoomOccupancy> all;
    all.reserve(m_tracker.rooms().size());
    for (const auto &[id, room] : m_tracker.rooms())
        all.push_back({id, room->kind, occupancy(id), room->connections});
    m_remote.forEachCount([&all](const RoomId &room, int users) {
        all.push_back({room, kindOf(room), users, 0});
    });
    return all;
}

qint64 PresenceEngine::asOfMs() const { return isFresh() ? m_clock.wallMs() : m_freshUntilMs; }

void PresenceEngine::relay(const RoomId &room, const QByteArray &payload)
{
    if (m_remote.hasMembers(room))
        m_store->publish(room, payload);
}

void PresenceEngine::announceOccupancy(const RoomId &room)
{
    Q_EMIT occupancyChanged(room, occupancy(room));
}

void PresenceEngine::setUserOnline(const UserId &user, bool isOnline)
{
    if (m_isComparing)
        m_moved.insert(user);
    if (m_online.contains(user) == isOnline)
        return;
    if (isOnline) {
        m_online.insert(user);
        Q_EMIT userOnline(user);
    } else {
        m_online.remove(user);
        Q_EMIT userOffline(user);
    }
}

void PresenceEngine::updateMetrics()
{
    m_metrics.online.Set(m_tracker.userCount());
    m_metrics.memberships.Set(m_tracker.membershipCount());
    m_metrics.gracesPending.Set(m_tracker.pendingGraces());
    m_metrics.sweepLag.Set(double(m_tracker.sweepLag().count()) / 1000);
    const double heartbeats = m_metrics.heartbeats.Value();
    m_metrics.commandsPerHeartbeat.Set(heartbeats > 0 ? m_metrics.flushCommands.Value() / heartbeats
                                                      : 0);
}

} // namespace Rollcall::Presence

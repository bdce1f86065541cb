// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/gateway.h"

#include "core/services/roomdirectory.h"
#include "core/services/tokenservice.h"
#include "plugins/realtime/drain.h"
#include "plugins/realtime/roomsdialect.h"

#include <QLoggingCategory>
#include <QMetaMethod>

#include <utility>

namespace Rollcall::Realtime {

namespace {

Q_LOGGING_CATEGORY(lcRealtime, "rollcall.plugin.realtime")

constexpr QByteArrayView kSubprotocol = "rollcall";

LeaveReason reasonOf(CloseCode code)
{
    switch (code) {
    case CloseCode::Normal:
    case CloseCode::Replaced:
        return LeaveReason::Left;
    case CloseCode::Drained:
        return LeaveReason::Drained;
    case CloseCode::Kicked:
    case CloseCode::Banned:
    case CloseCode::RoomClosed:
        return LeaveReason::Kicked;
    default:
        return LeaveReason::Lost;
    }
}

} // namespace

Gateway::Gateway(const GatewayServices &services, const RealtimeConfig &config,
                 std::unique_ptr<TransformStore> transforms, QObject *parent)
    : RealtimeService(parent)
    , m_clock(services.clock)
    , m_config(config)
    , m_metrics(services.metrics)
    , m_hub(services.clock, m_config, m_metrics)
    , m_relay(services.presence, m_hub, services.clock, m_metrics)
    , m_transforms(std::move(transforms))
    , m_context{*this,
                services.clock,
                m_config,
                m_metrics,
                services.presence,
                services.tokens,
                services.directory,
                services.moderation,
                m_transforms.get(),
                m_hub,
                m_relay,
                *this,
                *this,
                services.node}
    , m_flow(m_context)
    , m_moderation(m_context, m_flow)
    , m_sharedLimits(services.clock, m_config, services.redis, *this,
                     [this](const UserId &user, RateKind kind, std::chrono::milliseconds rest) {
                         closeBuckets(user, kind, rest);
                     })
    , m_router(m_context, m_flow, m_sharedLimits, services.node)
    , m_rooms(std::make_unique<RoomsDialect>(m_config.client))
    , m_wheel(services.clock,
              [this](quint64 id, TimerWheel::Time now) { return handleDue(id, now); })
{
    watchTurns();
    m_hub.setSlowHandler([this](ConnectionId id) {
        if (Connection *connection = find(id))
            end(*connection, CloseCode::SlowConsumer, LeaveReason::Lost);
    });
    if (services.directory) {
        connect(services.directory, &RoomDirectory::roomClosed, this,
                [this](const RoomId &room) { m_flow.closeRoom(room); });
    }
}

Gateway::~Gateway() = default;

void Gateway::applyConfiguration(const RealtimeConfig &config)
{
    m_config.reloadFrom(config);
    m_rooms->setLimits(m_config.client);
}

void Gateway::drain(std::function<void()> finished)
{
    if (m_drain)
        return;
    std::vector<ConnectionId> ids;
    for (const auto &[id, connection] : m_connections)
        ids.push_back(id);
    m_drain = std::make_unique<Drain>(m_context, std::move(ids), std::move(finished));
    m_drain->start();
}

UpgradeDecision Gateway::decide(const UpgradeRequest &request)
{
    UpgradeDecision decision;
    if (isDraining()) {
        decision.refuse = 503;
        decision.retryAfterSeconds = 1 + int(m_config.drainWindow / std::chrono::seconds(1));
        m_metrics.countHandshake("draining");
    } else if (request.subprotocols.contains(kSubprotocol)) {
        decision.subprotocol = kSubprotocol.toByteArray();
    }
    return decision;
}

void Gateway::adopt(std::unique_ptr<Transport> transport, const UpgradeRequest &request)
{
    const ConnectionId id(++m_lastId);
    Connection::Owner &owner = *this; // a private base, out of make_unique's sight
    auto owned =
        std::make_unique<Connection>(id, std::move(transport), *m_rooms, owner, m_config.session);
    Connection &connection = *owned;
    m_connections.emplace(id, std::move(owned));
    connection.address = request.client;
    connection.openedAt = m_clock.now();
    connection.openedAtMs = m_clock.wallMs();
    if (m_config.pingInterval.count() > 0)
        connection.pingAt = connection.openedAt + m_config.pingInterval;
    ++m_metrics.counts().connections[size_t(connection.codec().dialect())];
    m_metrics.countHandshake("accepted");
    authenticate(connection, request);
    reschedule(connection);
    Q_EMIT connectionOpened(id);
    if (isDraining()) // its handshake was under way when the drain began
        closeConnection(id, CloseCode::Drained);
}

// A bad token is answered, not refused: browsers could not see why. The client may do better in
// join_room.
void Gateway::authenticate(Connection &connection, const UpgradeRequest &request)
{
    const QByteArray token = handshakeToken(request);
    if (token.isEmpty()) {
        if (m_context.tokens.isAuthRequired())
            connection.authBy = m_clock.now() + m_config.authDeadline;
        return;
    }
    Result<Identity> identity = identityFromToken(token, m_context.tokens);
    if (identity) {
        connection.identity = *std::move(identity);
    } else if (identity.error().code == ErrorCode::Unavailable) {
        connection.handshakeToken = token; // for a second look when it joins
        connection.authBy = m_clock.now() + m_config.authDeadline;
    } else {
        m_flow.refuse(connection, identity.error(), {});
    }
}

bool Gateway::hasMessageListeners() const
{
    static const QMetaMethod kReceived = QMetaMethod::fromSignal(&RealtimeService::messageReceived);
    return isSignalConnected(kReceived);
}

std::vector<ConnectionInfo> Gateway::connections() const
{
    std::vector<ConnectionInfo> list;
    list.reserve(m_connections.size());
    for (const auto &[id, connection] : m_connections) {
        ConnectionInfo info{id, connection->identity.user, connection->codec().dialect(),
                            {}, connection->address,       connection->openedAtMs};
        for (const Membership &membership : connection->memberships) {
            if (membership.isMember())
                info.rooms.push_back(membership.room);
        }
        list.push_back(std::move(info));
    }
    return list;
}

void Gateway::sendToConnection(ConnectionId id, const QByteArray &type,
                               const QByteArray &payloadJson)
{
    if (Connection *connection = find(id))
        m_hub.send(*connection, OtherEvent{type, payloadJson});
}

void Gateway::sendToRoom(const RoomId &room, const QByteArray &type, const QByteArray &payloadJson)
{
    const ServerEvent event = OtherEvent{type, payloadJson};
    m_hub.broadcast(room, event);
    m_relay.send(room, event);
}

void Gateway::closeConnection(ConnectionId id, CloseCode code)
{
    Connection *connection = find(id);
    if (!connection)
        return;
    if (code == CloseCode::Kicked || code == CloseCode::Banned)
        m_hub.send(*connection,
                   ModerationEvent{code == CloseCode::Kicked ? "kicked" : "banned", {}});
    end(*connection, code, reasonOf(code));
}

void Gateway::connectionMessage(Connection &connection, std::span<char> message, bool isBinary)
{
    beginTurn();
    m_router.handle(connection, message, isBinary);
}

void Gateway::connectionPong(Connection &connection)
{
    connection.pongBy = TimerWheel::kNever;
    m_router.handleLife(connection);
}

bool Gateway::connectionAllowsPing(Connection &connection)
{
    return m_router.allows(connection, RateKind::Ping, "ping");
}

void Gateway::connectionDrained(Connection &connection) { m_hub.resume(connection); }

void Gateway::connectionClosing(Connection &connection, CloseCode code, bool isByPeer)
{
    const bool hasLeft = isByPeer && code == CloseCode::Normal;
    end(connection, code, hasLeft ? LeaveReason::Left : LeaveReason::Lost);
}

void Gateway::connectionGone(Connection &connection)
{
    --m_metrics.counts().connections[size_t(connection.codec().dialect())];
    m_connections.erase(ConnectionId(connection.id()));
    if (m_drain && m_connections.empty())
        m_drain->handleEmpty();
}

Connection *Gateway::find(ConnectionId id)
{
    const auto found = m_connections.find(id);
    return found == m_connections.end() || found->second->hasEnded ? nullptr : found->second.get();
}

std::vector<Connection *> Gateway::connectionsOf(const UserId &user)
{
    std::vector<Connection *> found;
    for (const auto &[id, connection] : m_connections) {
        if (connection->identity.user == user && !connection->hasEnded)
            found.push_back(connection.get());
    }
    return found;
}

void Gateway::closeBuckets(const UserId &user, RateKind kind, std::chrono::milliseconds rest)
{
    const auto now = m_clock.now();
    for (Connection *connection : connectionsOf(user)) {
        connection->limiter.close(kind, m_config.rates, connection->identity.deviceType, now,
                                  now + rest);
    }
}

void Gateway::end(Connection &connection, CloseCode code, LeaveReason reason)
{
    if (std::exchange(connection.hasEnded, true))
        return;
    // On the way to another node, most likely; who is not back when the lease ends has left.
    if (isDraining() && (reason == LeaveReason::Left || reason == LeaveReason::Lost))
        reason = LeaveReason::Drained;
    connection.settle(); // so that its bytes are counted
    logEnd(connection, code, reason);
    m_metrics.countClose(code);
    const std::vector<Membership> memberships = std::exchange(connection.memberships, {});
    for (const Membership &membership : memberships)
        m_flow.leaveHub(connection, membership.room);
    m_flow.blocks().release(connection);
    m_context.presence.connectionEnded(connection.id(), reason);
    for (const Membership &membership : memberships) {
        if (membership.isMember())
            Q_EMIT roomLeft(connection.id(), membership.room, connection.identity.user);
    }
    Q_EMIT connectionClosed(connection.id(), reason);
    connection.session().close(code);
    connection.closeBy = m_clock.now() + m_config.closeDeadline;
    reschedule(connection);
}

void Gateway::logEnd(const Connection &connection, CloseCode code, LeaveReason reason) const
{
    QByteArray rooms;
    for (const Membership &membership : connection.memberships)
        rooms += (rooms.isEmpty() ? "" : ",") + membership.room.value();
    using Seconds = std::chrono::duration<double>;
    qCInfo(lcRealtime).nospace() << "connection ended id=" << connection.id().value()
                                 << " user=" << connection.identity.user.value()
                                 << " room=" << rooms
                                 << " reason=" << leaveReasonName(reason).data()
                                 << " code=" << quint16(code) << " seconds="
                                 << Seconds(m_clock.now() - connection.openedAt).count()
                                 << " bytesIn=" << connection.session().bytesReceived()
                                 << " bytesOut=" << connection.session().bytesSent();
}

} // namespace Rollcall::Realtime

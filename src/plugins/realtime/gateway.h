// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/metrics.h"
#include "core/services/realtimeservice.h"
#include "core/services/upgradeservice.h"
#include "plugins/realtime/dialectcodec.h"
#include "plugins/realtime/messagerouter.h"
#include "plugins/realtime/moderationflow.h"
#include "plugins/realtime/sharedlimits.h"

#include <memory>
#include <unordered_map>

namespace Rollcall::Realtime {

class Drain;

/// What the gateway needs of the host and the other plugins. Borrowed; outlives the gateway.
struct GatewayServices
{
    Clock &clock;
    Metrics &metrics;
    NodeId node;
    PresenceService &presence;
    TokenService &tokens;
    RoomDirectory *directory = nullptr;
    ModerationService *moderation = nullptr;
    RedisService *redis = nullptr;
};

/// The WebSocket connections of this node: adopted from the edge, watched, closed, and known to
/// operators.
class Gateway final : public RealtimeService,
                      public UpgradeEndpoint,
                      private Connection::Owner,
                      private ConnectionTable
{
    Q_OBJECT
public:
    Gateway(const GatewayServices &services, const RealtimeConfig &config,
            std::unique_ptr<TransformStore> transforms, QObject *parent = nullptr);
    ~Gateway() override;

    void applyConfiguration(const RealtimeConfig &config);
    /// Refuses new connections, tells the others when to come back, closes them over the drain
    /// window. `finished` runs once all are gone, or are not within the close deadline; it may run
    /// at once.
    void drain(std::function<void()> finished);

    UpgradeDecision decide(const UpgradeRequest &request) override;
    void adopt(std::unique_ptr<Transport> transport, const UpgradeRequest &request) override;

    int connectionCount() const override { return int(m_connections.size()); }
    std::vector<ConnectionInfo> connections() const override;
    void sendToConnection(ConnectionId connection, const QByteArray &type,
                          const QByteArray &payloadJson) override;
    void sendToRoom(const RoomId &room, const QByteArray &type,
                    const QByteArray &payloadJson) override;
    void closeConnection(ConnectionId connection, CloseCode code) override;

private:
    void connectionMessage(Connection &connection, std::span<char> message, bool isBinary) override;
    void connectionPong(Connection &connection) override;
    bool connectionAllowsPing(Connection &connection) override;
    void connectionDrained(Connection &connection) override;
    void connectionClosing(Connection &connection, CloseCode code, bool isByPeer) override;
    void connectionGone(Connection &connection) override;

    Connection *find(ConnectionId id) override;
    std::vector<Connection *> connectionsOf(const UserId &user) override;
    void end(Connection &connection, CloseCode code, LeaveReason reason) override;
    void reschedule(Connection &connection) override;
    bool isDraining() const override { return m_drain != nullptr; }
    bool hasMessageListeners() const override;

    void closeBuckets(const UserId &user, RateKind kind, std::chrono::milliseconds rest);
    void authenticate(Connection &connection, const UpgradeRequest &request);
    void watchTurns();
    void beginTurn();
    TimerWheel::Time handleDue(quint64 id, TimerWheel::Time now);
    void ping(Connection &connection, TimerWheel::Time now);
    void logEnd(const Connection &connection, CloseCode code, LeaveReason reason) const;

    Clock &m_clock;
    RealtimeConfig m_config;
    RealtimeMetrics m_metrics;
    Hub m_hub;
    Relay m_relay;
    std::unique_ptr<TransformStore> m_transforms;
    RealtimeContext m_context;
    RoomFlow m_flow;
    ModerationFlow m_moderation;
    SharedLimits m_sharedLimits;
    MessageRouter m_router;
    std::unique_ptr<DialectCodec> m_rooms;
    std::unordered_map<ConnectionId, std::unique_ptr<Connection>> m_connections;
    TimerWheel m_wheel;
    std::unique_ptr<Drain> m_drain; ///< once it has begun
    TimerWheel::Time m_turnBegan = TimerWheel::kNever; ///< when its first message came
    quint64 m_lastId = 0;
};

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/closecode.h"
#include "plugins/realtime/connection.h"
#include "plugins/realtime/hub.h"
#include "plugins/realtime/realtimeconfig.h"
#include "plugins/realtime/realtimemetrics.h"
#include "plugins/realtime/relay.h"
#include "plugins/realtime/transformstore.h"

namespace Rollcall {
class ModerationService;
class PresenceService;
class RealtimeService;
class RoomDirectory;
class TokenService;
} // namespace Rollcall

namespace Rollcall::Realtime {

/// The connections of the node, by id.
class ConnectionTable
{
public:
    virtual ~ConnectionTable();
    /// Null when there is none, or it has ended.
    virtual Connection *find(ConnectionId id) = 0;
    /// Those that have not ended.
    virtual std::vector<Connection *> connectionsOf(const UserId &user) = 0;
    /// Ends its memberships for `reason`, once, and starts the close handshake. The connection
    /// stays valid until its transport is gone.
    virtual void end(Connection &connection, CloseCode code, LeaveReason reason) = 0;
    /// One of its deadlines has come closer.
    virtual void reschedule(Connection &connection) = 0;
    virtual bool isDraining() const = 0;
    /// Somebody takes messages of types that no dialect knows.
    virtual bool hasMessageListeners() const = 0;
};

/// What the parts of the gateway share. All borrowed, all of one life.
struct RealtimeContext
{
    QObject &owner; ///< context of callbacks
    Clock &clock;
    const RealtimeConfig &config;
    RealtimeMetrics &metrics;
    PresenceService &presence;
    TokenService &tokens;
    RoomDirectory *directory; ///< null: any room may be entered
    ModerationService *moderation; ///< null: nobody is banned, muted or blocked
    TransformStore *transforms; ///< null: nowhere to keep places for other nodes
    Hub &hub;
    Relay &relay;
    RealtimeService &service; ///< whose signals tell the other plugins
    ConnectionTable &connections;
    NodeId node; ///< this one
};

} // namespace Rollcall::Realtime

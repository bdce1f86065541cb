// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/realtime/roomflow.h"
#include "plugins/realtime/sharedlimits.h"

#include <QByteArray>

namespace Rollcall::Realtime {

/// What the messages of clients do: decoded, limited, and handed to rooms, hub, relay and the
/// service's signals.
class MessageRouter
{
public:
    MessageRouter(const RealtimeContext &context, RoomFlow &flow, SharedLimits &sharedLimits,
                  const NodeId &node);

    void handle(Connection &connection, std::span<char> message, bool isBinary);
    /// Any proof of life counts as a heartbeat if presence says so.
    void handleLife(Connection &connection);
    /// False: dropped, and counted.
    bool allows(Connection &connection, RateKind kind, QByteArrayView event);

private:
    void handleMalformed(Connection &connection, const Error &error, QByteArrayView event);
    void notify(Connection &connection, RateKind kind, QByteArrayView event);
    /// At most one a second.
    void sendError(Connection &connection, ErrorCode code, QByteArrayView text,
                   QByteArrayView event);
    /// Null, and an error is sent, when the connection is no member of the room.
    Membership *member(Connection &connection, const WireId &room, QByteArrayView event);

    void dispatch(Connection &connection, const JoinMessage &message);
    void dispatch(Connection &connection, const LeaveMessage &message);
    void dispatch(Connection &connection, const HeartbeatMessage &message);
    void dispatch(Connection &connection, const TransformMessage &message);
    void dispatch(Connection &connection, const ChatMessage &message);
    void dispatch(Connection &connection, const EmoteMessage &message);
    void dispatch(Connection &connection, const StateMessage &message);
    void dispatch(Connection &connection, const RefreshTokenMessage &message);
    void dispatch(Connection &connection, const OtherMessage &message);

    RealtimeContext m_context;
    RoomFlow &m_flow;
    SharedLimits &m_sharedLimits;
    QByteArray m_messagePrefix; ///< of this node's chat messages
    quint64 m_messages = 0;
};

} // namespace Rollcall::Realtime

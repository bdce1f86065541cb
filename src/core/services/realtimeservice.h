// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/protocol/closecode.h"
#include "core/protocol/member.h"

#include <QHostAddress>
#include <QObject>

#include <vector>

namespace Rollcall {

/// A WebSocket as operators see it.
struct ConnectionInfo
{
    ConnectionId id;
    UserId user;
    Dialect dialect = Dialect::Rooms;
    std::vector<RoomId> rooms;
    QHostAddress address;
    qint64 connectedAtMs = 0;
};

/// The WebSocket connections of this node. Provided by the realtime plugin.
class ROLLCALL_CORE_EXPORT RealtimeService : public QObject
{
    Q_OBJECT
public:
    static constexpr const char *kServiceName = "RealtimeService";
    using QObject::QObject;

    virtual int connectionCount() const = 0;
    virtual std::vector<ConnectionInfo> connections() const = 0;

    /// Sends an event with a JSON object as payload, each connection in its own dialect.
    /// Connections that do not exist (any more) are ignored.
    virtual void sendToConnection(ConnectionId connection, const QByteArray &type,
                                  const QByteArray &payloadJson) = 0;
    /// To the room's members on all nodes.
    virtual void sendToRoom(const RoomId &room, const QByteArray &type,
                            const QByteArray &payloadJson) = 0;
    virtual void closeConnection(ConnectionId connection, CloseCode code) = 0;

Q_SIGNALS:
    void connectionOpened(Rollcall::ConnectionId connection);
    void connectionClosed(Rollcall::ConnectionId connection, Rollcall::LeaveReason reason);
    void heartbeatReceived(Rollcall::ConnectionId connection, const Rollcall::RoomId &room);
    void stateChanged(Rollcall::ConnectionId connection, const Rollcall::RoomId &room,
                      Rollcall::MemberState state);
    void roomJoined(Rollcall::ConnectionId connection, const Rollcall::RoomId &room,
                    const Rollcall::UserId &user);
    void roomLeft(Rollcall::ConnectionId connection, const Rollcall::RoomId &room,
                  const Rollcall::UserId &user);
    void transformReceived(const Rollcall::RoomId &room, const Rollcall::UserId &user,
                           const Rollcall::Transform &transform);
    void chatReceived(const Rollcall::RoomId &room, const Rollcall::UserId &user,
                      const QByteArray &text);
    /// An event type that no dialect knows: for plugins that add their own.
    void messageReceived(Rollcall::ConnectionId connection, const QByteArray &type,
                         const QByteArray &payloadJson);
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/presenceengine.h"
#include "redisnode.h"

#include <algorithm>

namespace Rollcall::Presence {

/// A node as the host builds it.
struct EngineNode
{
    EngineNode(const TestRedis &redis, Clock &clock, const QByteArray &name,
               const PresenceConfig &config)
        : engineNode(name)
        , host(redis, clock, engineNode)
        , engine(config, clock, host.metrics, &host.hub, engineNode)
    {
        QObject::connect(&engine, &PresenceService::memberJoined, &engine,
                         [this](const RoomId &, const Member &member) {
                             log += '+' + member.user.value() + ' ';
                         });
        QObject::connect(&engine, &PresenceService::memberLeft, &engine,
                         [this](const RoomId &, const UserId &user, LeaveReason reason) {
                             log += '-' + user.value() + ':' + leaveReasonName(reason).toByteArray()
                                 + ' ';
                         });
        QObject::connect(&engine, &PresenceService::memberUpdated, &engine,
                         [this](const RoomId &, const Member &member) {
                             log += '~' + member.user.value() + ':'
                                 + memberStateName(member.state).toByteArray() + ' ';
                         });
        QObject::connect(&engine, &PresenceService::relayReceived, &engine,
                         [this](const RoomId &, const NodeId &origin, const QByteArray &payload) {
                             log += origin.value() + '>' + payload + ' ';
                         });
        QObject::connect(&engine, &PresenceService::membershipEnded, &engine,
                         [this](ConnectionId connection, const RoomId &, LeaveReason reason) {
                             log += 'x' + QByteArray::number(connection.value()) + ':'
                                 + leaveReasonName(reason).toByteArray() + ' ';
                         });
        QObject::connect(&engine, &PresenceService::roomResynchronized, &engine,
                         [this] { ++resynchronized; });
    }
    void join(quint64 connection, const UserId &user, const RoomId &room = RoomId("lobby"))
    {
        Member member;
        member.user = user;
        member.displayName = user.value();
        answer.reset();
        engine.join({ConnectionId(connection), room, RoomKind::Room, Dialect::Rooms, member},
                    &engine, [this](const RoomSnapshot &snapshot) { answer = snapshot; });
    }
    void leave(quint64 connection, const RoomId &room = RoomId("lobby"))
    {
        engine.leave(ConnectionId(connection), room, LeaveReason::Left);
    }
    void lose(quint64 connection)
    {
        engine.connectionEnded(ConnectionId(connection), LeaveReason::Lost);
    }
    QByteArray take() { return std::exchange(log, {}).trimmed(); }
    QByteArray members(const RoomId &room = RoomId("lobby")) const
    {
        QByteArrayList names;
        for (const Member &member : engine.snapshot(room).members)
            names.append(member.user.value());
        std::ranges::sort(names);
        return names.join(' ');
    }

    NodeId engineNode;
    RedisHost host;
    QByteArray log;
    std::optional<RoomSnapshot> answer;
    int resynchronized = 0;
    PresenceEngine engine;
};

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/strongid.h"

namespace Rollcall {
class RedisService;
}

namespace Rollcall::Presence {

/// The names of presence's keys and channels in Redis, prefix included (docs/presence.md).
class PresenceKeys
{
public:
    PresenceKeys(const RedisService &redis, NodeId node);

    const NodeId &node() const { return m_node; }

    QByteArray roomsPrefix() const { return key("room:"); }
    QByteArray roomNodes(const RoomId &room) const { return roomKey(room, "nodes"); }
    QByteArray roomNode(const RoomId &room, const NodeId &node) const;
    QByteArray roomNodePrefix(const RoomId &room) const { return roomKey(room, "node:"); }
    QByteArray roomUser(const RoomId &room, const UserId &user) const;
    QByteArray roomUserPrefix(const RoomId &room) const { return roomKey(room, "user:"); }
    QByteArray roomReserved(const RoomId &room) const { return roomKey(room, "reserved"); }
    QByteArray roomEvents(const RoomId &room) const { return roomKey(room, "events"); }
    QByteArray page(const RoomId &room) const;
    QByteArray occupancy() const { return key("rooms:occupancy"); }
    QByteArray occupancyEvents() const { return key("rooms:events"); }

    QByteArray userPrefix() const { return key("presence:"); }
    QByteArray user(const UserId &user) const;
    /// In the user's hash: this node holds the user in the room.
    QByteArray seatField(const RoomId &room) const
    {
        return "at:" + m_node.value() + ':' + room.value();
    }
    QByteArray metaPrefix() const { return key("presence:meta:"); }
    QByteArray meta(const UserId &user) const;
    /// A sorted set and a channel of the same name.
    QByteArray online() const { return key("presence:online"); }
    QByteArray offlineEvents() const { return key("presence:offline"); }
    QByteArray updateEvents() const { return key("presence:updates"); }
    QByteArray deadlines() const { return key("presence:deadlines"); }

    /// A sorted set, and the channel on which a node says that it drains.
    QByteArray nodes() const { return key("presence:nodes"); }
    QByteArray reaper() const { return key("presence:reaper"); }
    QByteArray lease(const NodeId &node) const;
    QByteArray leasePrefix() const { return key("presence:node:"); }
    QByteArray nodeRooms(const NodeId &node) const { return lease(node) + ":rooms"; }

private:
    QByteArray key(QByteArrayView name) const { return m_prefix + name.toByteArray(); }
    QByteArray roomKey(const RoomId &room, QByteArrayView name) const;

    QByteArray m_prefix;
    NodeId m_node;
};

} // namespace Rollcall::Presence

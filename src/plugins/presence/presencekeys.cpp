// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/presencekeys.h"

#include "core/redis/rediskeys.h"
#include "core/services/redisservice.h"

namespace Rollcall::Presence {

namespace {

/// The user as the last part of a key: the bare id, or "anon:<session>".
QByteArray userPart(const UserId &user)
{
    const QByteArray name = memberName(user);
    return name.startsWith("user:") ? name.sliced(5) : name;
}

} // namespace

PresenceKeys::PresenceKeys(const RedisService &redis, NodeId node)
    : m_prefix(redis.key({}))
    , m_node(std::move(node))
{ }

QByteArray PresenceKeys::roomKey(const RoomId &room, QByteArrayView name) const
{
    return m_prefix + "room:" + encodeKeyPart(room.value()) + ':' + name.toByteArray();
}

QByteArray PresenceKeys::roomNode(const RoomId &room, const NodeId &node) const
{
    return roomNodePrefix(room) + node.value();
}

QByteArray PresenceKeys::roomUser(const RoomId &room, const UserId &user) const
{
    return roomUserPrefix(room) + userPart(user);
}

QByteArray PresenceKeys::page(const RoomId &room) const
{
    return key("presence:page:") + encodeKeyPart(room.value());
}

QByteArray PresenceKeys::user(const UserId &user) const { return userPrefix() + memberName(user); }

QByteArray PresenceKeys::meta(const UserId &user) const { return metaPrefix() + userPart(user); }

QByteArray PresenceKeys::lease(const NodeId &node) const { return leasePrefix() + node.value(); }

} // namespace Rollcall::Presence

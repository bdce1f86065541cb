// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/redishub.h"
#include "heldseats.h"
#include "plugins/presence/redispresencestore.h"
#include "support/testredis.h"

#include <memory>

namespace Rollcall::Presence {

/// A node's connections to a test's Redis, and what belongs to them.
class RedisHost final : public QObject
{
public:
    RedisHost(const TestRedis &redis, Clock &clock, const NodeId &node)
        : hub(configFor(redis), clock, metrics, node.value())
        , presenceMetrics(metrics)
    {
        if (!hub.start())
            qFatal("the hub does not start");
    }

    Metrics metrics;
    RedisHub hub;
    PresenceMetrics presenceMetrics;

private:
    static RedisConfig configFor(const TestRedis &redis)
    {
        RedisConfig config;
        config.isEmbedded = false;
        config.options = redis.options();
        return config;
    }
};

/// A store in a test's Redis, and what it is told to hold. Destroying it is a crash: nothing is
/// tidied up.
struct RedisNode
{
    RedisNode(const TestRedis &redis, Clock &clock, const QByteArray &name,
              const PresenceConfig &config)
        : id(name)
        , held(clock)
        , host(redis, clock, id)
        , store(host.hub, config, clock, host.presenceMetrics, id)
    {
        store.start(held);
    }

    void join(const RoomId &room, const UserId &user,
              std::chrono::milliseconds ttl = std::chrono::seconds(60))
    {
        if (held.heldUsers(room).empty())
            store.watch(room);
        store.join(held.hold(room, user, {}, ttl), {});
    }
    void leave(const RoomId &room, const UserId &user)
    {
        held.drop(room, user);
        store.leave(room, user, LeaveReason::Left, {});
        if (held.heldUsers(room).empty())
            store.unwatch(room);
    }

    NodeId id;
    HeldSeats held;
    RedisHost host;
    RedisPresenceStore store;
};

} // namespace Rollcall::Presence

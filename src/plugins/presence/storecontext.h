// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/services/redisservice.h"
#include "plugins/presence/presenceconfig.h"
#include "plugins/presence/presencekeys.h"
#include "plugins/presence/presencemetrics.h"

#include <QLoggingCategory>

#include <functional>

namespace Rollcall {
class RedisClient;
struct RedisReply;
} // namespace Rollcall

namespace Rollcall::Presence {

Q_DECLARE_LOGGING_CATEGORY(lcPresence)

/// What the parts of the Redis store share. All of it outlives them.
struct StoreContext
{
    /// How long the meta hash of a user who is offline is kept.
    static constexpr std::chrono::seconds kMetaLife{std::chrono::hours(24 * 30)};

    StoreContext(RedisService &redisService, Clock &nodeClock, PresenceMetrics &presenceMetrics,
                 const PresenceConfig &presenceConfig, NodeId node)
        : redis(redisService)
        , clock(nodeClock)
        , metrics(presenceMetrics)
        , config(presenceConfig)
        , keys(redisService, std::move(node))
    { }

    RedisService &redis;
    Clock &clock;
    PresenceMetrics &metrics;
    PresenceConfig config;
    PresenceKeys keys;
    std::function<QByteArray()> publicUrl; ///< of this node; none: it has no address

    RedisClient &client() const { return *redis.client(); }
    /// Redis said what time it is, in ms, in answer to a question sent then.
    void setRedisTime(qint64 nowMs, Clock::SteadyTime sentAt);
    /// Another server, or this host was suspended.
    void forgetRedisTime() { m_hasRedisTime = false; }
    qint64 redisNowMs() const { return inRedisTime(clock.now()); }
    /// A deadline as Redis' clock will show it, in ms; at least a moment ahead, because a key given
    /// a past deadline is gone at once.
    qint64 redisTimeMs(Clock::SteadyTime deadline) const;
    /// Life of a user's meta hash after they went offline, in seconds; 0: there is none.
    qint64 metaLife() const { return config.isLean() ? 0 : qint64(kMetaLife.count()); }
    /// Guests leave none.
    qint64 metaLife(const UserId &user) const { return config.isLean() ? 0 : fullMetaLife(user); }
    static qint64 fullMetaLife(const UserId &user);
    /// Counts what Redis refused, and logs it if its kind was not logged yet. Returns whether it
    /// was an answer.
    bool check(const RedisReply &reply, const char *what);

private:
    qint64 inRedisTime(Clock::SteadyTime time) const;

    // Against the steady clock: a step of this host's wall clock must not move a deadline.
    std::chrono::milliseconds m_redisOffset{0};
    bool m_hasRedisTime = false;
    QList<QByteArray> m_logged;
};

} // namespace Rollcall::Presence

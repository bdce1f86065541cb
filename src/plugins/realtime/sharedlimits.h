// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "plugins/realtime/realtimeconfig.h"

#include <array>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace Rollcall {
class RedisService;
}

namespace Rollcall::Realtime {

/// How much each user sends through all connections of all nodes: rl:<kind>:<user> in Redis, a
/// counter that lives for a second.
///
/// The buckets in RAM decide about each message; this only finds those who come in through several
/// doors. A user who stays below half of a limit here costs Redis nothing. The others are counted
/// in a flush every 250 ms, and when the total is above the limit (and what a bucket may let
/// through at once, and a flush may be late), the handler is called.
class SharedLimits
{
public:
    /// For the rest of the counter's second the user's buckets of this kind should be empty.
    using Exceeded = std::function<void(const UserId &, RateKind, std::chrono::milliseconds rest)>;

    /// `redis` may be null: nothing is counted. Everything is borrowed.
    SharedLimits(Clock &clock, const RealtimeConfig &config, RedisService *redis, QObject &context,
                 Exceeded exceeded);

    /// A message that the bucket let through.
    void count(const UserId &user, RateKind kind, DeviceType device);

private:
    struct Window
    {
        Clock::SteadyTime begin;
        double perSecond = 0;
        double total = 0; ///< above which the handler is called
        quint32 messages = 0; ///< in this second, here
        quint32 unsent = 0; ///< of them, not yet in Redis
        bool isDue = false; ///< goes out with the next flush
    };
    using Windows = std::unordered_map<UserId, Window>;

    bool isOn() const;
    void flush();
    void send(const UserId &user, RateKind kind, Window &window);
    void forgetOld(Windows &windows, size_t kind);

    Clock &m_clock;
    const RealtimeConfig &m_config;
    RedisService *m_redis;
    QObject &m_context;
    Exceeded m_exceeded;
    std::array<Windows, kRateKinds> m_windows;
    std::array<size_t, kRateKinds> m_forgetAt{}; ///< entries
    std::vector<std::pair<RateKind, UserId>> m_due;
    std::unique_ptr<ClockTimer> m_timer;
};

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/protocol/member.h"

#include <QByteArrayView>

#include <array>
#include <memory>

namespace Rollcall::Realtime {

/// What is limited, each kind on its own.
enum class RateKind : quint8 {
    Transform,
    Chat,
    Join,
    Heartbeat,
    Emote,
    State,
    Refresh,
    Other,
    Ping,
    Malformed
};
inline constexpr size_t kRateKinds = 10;

/// As in metrics.
QByteArrayView rateKindName(RateKind kind);

struct RateLimit
{
    double perSecond = 0; ///< 0: no limit
    int burst = 1; ///< how many may come at once
};

/// The limits of a node; one for all its connections.
struct RateLimits
{
    std::array<RateLimit, kRateKinds> byKind{};
    RateLimit mobileTransform; ///< instead of Transform for mobile devices
    double abuseFactor = 10; ///< times the limit ...
    std::chrono::seconds abuseTime{10}; ///< ... in every second for so long

    const RateLimit &of(RateKind kind, DeviceType device) const
    {
        return kind == RateKind::Transform && device == DeviceType::Mobile ? mobileTransform
                                                                           : byKind[size_t(kind)];
    }
};

/// How much one connection may send: a bucket per kind (GCRA: one number each), and an eye on
/// abuse.
class RateLimiter
{
public:
    using Time = Clock::SteadyTime;

    bool allow(RateKind kind, const RateLimits &limits, DeviceType device, Time now);
    /// In every second for `abuseTime` some kind came at `abuseFactor` times its limit.
    bool isAbusive() const { return m_excess && m_excess->isAbusive; }
    /// Nothing of the kind passes until then, and no burst right after.
    void close(RateKind kind, const RateLimits &limits, DeviceType device, Time now, Time until);
    bool isClosed(RateKind kind, Time now) const
    {
        return m_excess && now < m_excess->closedUntil[size_t(kind)];
    }
    /// How many of the kind were dropped since this was last asked.
    quint32 takeDropped(RateKind kind);

private:
    /// Only of a connection that was ever too fast.
    struct Excess
    {
        Time second; ///< beginning of the one that is counted
        std::array<quint32, kRateKinds> count{}; ///< in this second, whether allowed or not
        std::array<quint32, kRateKinds> dropped{};
        std::array<Time, kRateKinds> closedUntil{}; ///< by the user's total on all nodes
        int hotSeconds = 0;
        bool isHot = false; ///< this second
        bool isAbusive = false;
    };
    Excess &excess(Time now);
    void watch(RateKind kind, const RateLimit &limit, const RateLimits &limits, Time now);

    std::array<Time, kRateKinds> m_next{}; ///< theoretical arrival time of the next one
    std::unique_ptr<Excess> m_excess;
};

} // namespace Rollcall::Realtime

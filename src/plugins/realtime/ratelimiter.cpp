// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/ratelimiter.h"

#include <algorithm>
#include <utility>

namespace Rollcall::Realtime {

QByteArrayView rateKindName(RateKind kind)
{
    static constexpr std::array<const char *, kRateKinds> kNames{
        "transform", "chat",    "join",  "heartbeat", "emote",
        "state",     "refresh", "other", "ping",      "malformed"};
    return kNames[size_t(kind)];
}

bool RateLimiter::allow(RateKind kind, const RateLimits &limits, DeviceType device, Time now)
{
    const RateLimit &limit = limits.of(kind, device);
    if (limit.perSecond <= 0)
        return true;
    if (m_excess)
        watch(kind, limit, limits, now);

    if (isClosed(kind, now)) {
        ++m_excess->dropped[size_t(kind)];
        return false;
    }
    const auto interval = std::chrono::duration_cast<Time::duration>(
        std::chrono::duration<double>(1.0 / limit.perSecond));
    const auto tolerance = interval * (std::max(limit.burst, 1) - 1);
    Time &next = m_next[size_t(kind)];
    next = std::min(next,
                    now + tolerance + interval); // an empty bucket, also after the limit was raised
    if (next <= now + tolerance) {
        next = std::max(next, now) + interval;
        return true;
    }
    ++excess(now).dropped[size_t(kind)];
    return false;
}

RateLimiter::Excess &RateLimiter::excess(Time now)
{
    if (!m_excess) {
        m_excess = std::make_unique<Excess>();
        m_excess->second = now;
    }
    return *m_excess;
}

void RateLimiter::close(RateKind kind, const RateLimits &limits, DeviceType device, Time now,
                        Time until)
{
    const RateLimit &limit = limits.of(kind, device);
    if (limit.perSecond <= 0)
        return;
    excess(now).closedUntil[size_t(kind)] = until;
    const auto interval = std::chrono::duration_cast<Time::duration>(
        std::chrono::duration<double>(1.0 / limit.perSecond));
    m_next[size_t(kind)] = until + interval * (std::max(limit.burst, 1) - 1);
}

void RateLimiter::watch(RateKind kind, const RateLimit &limit, const RateLimits &limits, Time now)
{
    using namespace std::chrono_literals;
    if (now - m_excess->second >= 1s) {
        const bool isNextSecond = now - m_excess->second < 2s;
        m_excess->hotSeconds = m_excess->isHot && isNextSecond ? m_excess->hotSeconds + 1 : 0;
        m_excess->isAbusive = m_excess->hotSeconds >= limits.abuseTime.count();
        m_excess->isHot = false;
        m_excess->count = {};
        m_excess->second = isNextSecond ? m_excess->second + 1s : now;
    }
    if (++m_excess->count[size_t(kind)] >= limit.perSecond * limits.abuseFactor)
        m_excess->isHot = true;
}

quint32 RateLimiter::takeDropped(RateKind kind)
{
    return m_excess ? std::exchange(m_excess->dropped[size_t(kind)], 0) : 0;
}

} // namespace Rollcall::Realtime

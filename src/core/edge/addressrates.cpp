// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/addressrates.h"

#include "core/edge/admission.h"

#include <algorithm>
#include <cmath>

namespace Rollcall {

namespace {

constexpr std::chrono::seconds kTidyInterval{1};

} // namespace

AddressRates::AddressRates(Clock &clock)
    : m_clock(clock)
{ }

std::optional<std::chrono::milliseconds> AddressRates::take(const QHostAddress &address)
{
    if (m_rate.perSecond <= 0 || address.isNull())
        return std::nullopt;
    const Clock::SteadyTime now = m_clock.now();
    const QHostAddress key = Admission::key(address);
    auto found = m_buckets.find(key);
    if (found == m_buckets.end()) {
        if (m_buckets.size() >= m_tidyAt && now >= m_tidyAfter)
            forgetFull(now);
        if (m_buckets.size() >= kMaxAddresses)
            return std::nullopt;
        found = m_buckets.insert(key, {double(m_rate.burst), now});
    }
    Bucket &bucket = found.value();
    refill(bucket, now);
    if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return std::nullopt;
    }
    const double seconds = (1 - bucket.tokens) / m_rate.perSecond;
    // Not a millisecond more for what the tokens have lost in rounding.
    return std::chrono::milliseconds(std::max(qint64(std::ceil(seconds * 1000 - 1e-6)), qint64(1)));
}

void AddressRates::refill(Bucket &bucket, Clock::SteadyTime now) const
{
    const double elapsed = std::chrono::duration<double>(now - bucket.at).count();
    bucket.tokens = std::min(bucket.tokens + elapsed * m_rate.perSecond, double(m_rate.burst));
    bucket.at = now;
}

void AddressRates::forgetFull(Clock::SteadyTime now)
{
    m_buckets.removeIf([&](auto entry) {
        refill(entry.value(), now);
        return entry.value().tokens >= m_rate.burst;
    });
    m_tidyAfter = now + kTidyInterval;
    m_tidyAt = std::clamp<qsizetype>(2 * m_buckets.size(), 1024, kMaxAddresses);
}

} // namespace Rollcall

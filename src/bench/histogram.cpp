// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/histogram.h"

#include <algorithm>
#include <bit>

namespace Rollcall::Bench {

std::size_t Histogram::bucketOf(std::uint64_t value)
{
    if (value < kPerPower)
        return std::size_t(value);
    const int power = 63 - std::countl_zero(value);
    return std::size_t(power - 4) * kPerPower + ((value >> (power - 5)) & (kPerPower - 1));
}

std::uint64_t Histogram::valueOf(std::size_t bucket)
{
    if (bucket < kPerPower)
        return bucket;
    const int power = int(bucket / kPerPower) + 4;
    return std::uint64_t(kPerPower + bucket % kPerPower) << (power - 5);
}

void Histogram::add(Microseconds duration)
{
    const auto value = std::uint64_t(std::max<std::int64_t>(duration.count(), 0));
    ++m_buckets[std::min(bucketOf(value), m_buckets.size() - 1)];
    ++m_count;
    m_largest = std::max(m_largest, duration);
}

Microseconds Histogram::quantile(double part) const
{
    const auto wanted = std::uint64_t(part * double(m_count));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < m_buckets.size(); ++bucket) {
        seen += m_buckets[bucket];
        if (seen > wanted)
            return Microseconds(std::int64_t(valueOf(bucket)));
    }
    return m_largest;
}

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/time.h"

#include <array>
#include <cstdint>

namespace Rollcall::Bench {

/// Durations in buckets that are 3 % wide at most: 32 for each power of two of microseconds.
class Histogram
{
public:
    void add(Microseconds duration);
    void clear() { *this = {}; }
    std::uint64_t count() const { return m_count; }
    Microseconds largest() const { return m_largest; }
    /// quantile(0.99): 99 % were not longer. 0 of nothing.
    Microseconds quantile(double part) const;

private:
    static constexpr std::size_t kPerPower = 32;
    static std::size_t bucketOf(std::uint64_t value);
    static std::uint64_t valueOf(std::size_t bucket);

    std::array<std::uint64_t, kPerPower * 40> m_buckets{};
    std::uint64_t m_count = 0;
    Microseconds m_largest{0};
};

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/statistics.h"

#include <algorithm>
#include <ctime>

namespace Rollcall::Bench {

double median(std::vector<double> values)
{
    if (values.empty())
        return 0;
    std::ranges::sort(values);
    const size_t middle = values.size() / 2;
    return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double spread(const std::vector<double> &values)
{
    const double middle = median(values);
    if (middle == 0)
        return 0;
    const auto [least, most] = std::ranges::minmax(values);
    return (most - least) / middle;
}

std::chrono::nanoseconds threadCpu()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/target.h"

#include <cstdint>
#include <vector>

namespace Rollcall::Soak {

struct Options
{
    std::vector<Bench::Target> nodes;
    int clients = 300;
    double seconds = 6;
    double grace = 2; ///< of the hosts: presence.grace
    double actEvery = 3; ///< s between two things that a client does, on average
    std::uint64_t seed = 1;

    /// The first three are large; the others have about 14 people each, 33 if there are many.
    int rooms() const { return 4 + clients / (clients < 1000 ? 20 : 45); }

    static Options parse(int count, char **arguments);
};

} // namespace Rollcall::Soak

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/presenceservice.h"

#include <array>

namespace Rollcall {
class Configuration;
}

namespace Rollcall::Presence {

/// The `presence` section.
struct PresenceConfig
{
    using Milliseconds = std::chrono::milliseconds;
    using Times = std::array<LivenessTimes, 4>;

    /// Lean: no room:<r>:user:<u> and no presence:meta:<u>; what other nodes show of a member is
    /// read from the user's hash.
    enum class Profile { Full, Lean };

    /// By Dialect. Takes effect on reload, everything else at the next start.
    Times times = defaultTimes();
    bool enabled = true; ///< false: connections alone count, and nothing is written to Redis
    bool livenessIsConnection = false;
    Profile profile = Profile::Full;
    Milliseconds idleTtl{std::chrono::hours(6)}; ///< of room:<r>:user:<u>
    Milliseconds flushInterval{250};
    Milliseconds lease{5000};
    Milliseconds leaseInterval{1000};
    Milliseconds drainingLease{30000};
    Milliseconds sweepInterval{250};
    Milliseconds reconcileInterval{1000};
    Milliseconds occupancyInterval{250}; ///< of rooms:events; not a setting

    bool isLean() const { return profile == Profile::Lean; }
    const LivenessTimes &timesOf(Dialect dialect) const { return times[size_t(dialect)]; }

    static Times defaultTimes();
    /// Problems are collected in the configuration.
    static PresenceConfig read(Configuration &configuration);
};

} // namespace Rollcall::Presence

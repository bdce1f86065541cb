// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/presence/heartbeatway.h"

#include <vector>

namespace Rollcall::Bench {

/// Lets a crowd's heartbeats arrive: one every 15 s of each person, evenly spread. Goes on where it
/// stopped.
class Pacer
{
public:
    /// People enter evenly spread over this time: it is the time after which ours writes a person
    /// who beats every 15 s, so at every moment as many are due as at any other.
    static constexpr std::chrono::seconds kCycle{60};

    Pacer(HeartbeatWay &way, const Crowd &crowd);

    /// In real time: each heartbeat is handed over when it is due, by the clock on the wall, and
    /// the event loop runs in between. Returns how many.
    int run(std::chrono::milliseconds duration);
    /// Back to back: 250 ms of heartbeats, the answers, the next 250 ms.
    int runCompressed(std::chrono::milliseconds duration);

private:
    int next();

    HeartbeatWay &m_way;
    std::vector<int> m_order; // of one beat
    size_t m_position = 0;
};

/// Runs the event loop so long: the connections stay alive, nothing else happens.
void rest(std::chrono::milliseconds duration);

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/target.h"
#include "bench/time.h"

#include <string>

namespace Rollcall::Bench {

/// One client: a socket on its way from nothing to a member of a room, and what it is called.
/// The swarm moves it on.
struct Connection
{
    enum class State { Closed, AskingToken, Upgrading, Joining, Ready };

    int index = 0;
    int room = 0;
    int descriptor = -1;
    State state = State::Closed;
    bool isWriteAwaited = false;
    std::size_t node = 0; ///< of the URLs given
    Target target; ///< of the node that it is, or will be, connected to
    std::string token;
    std::string in; ///< the beginning of something; mostly empty
    std::string out;
    Microseconds startedAt{0}; ///< of the present attempt
    Microseconds dueAt{0}; ///< of the next attempt
    Microseconds drainBy{0}; ///< the node asked to be left then; 0: it did not
    Target refuge; ///< where it said to go; without a host: nowhere
    int attempts = 0; ///< that failed, since it was ready last

    bool isOpen() const { return descriptor >= 0; }
};

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/configuration.h"
#include "core/protocol/clientmessage.h"
#include "plugins/realtime/ratelimiter.h"
#include "plugins/realtime/websocketsession.h"

namespace Rollcall::Realtime {

/// The sections `realtime`, `limits` and `rateLimit`.
struct RealtimeConfig
{
    using Milliseconds = std::chrono::milliseconds;

    Milliseconds pingInterval{25'000}; ///< 0: no pings
    Milliseconds pongDeadline{10'000}; ///< 0: a missing pong is no reason
    Milliseconds authDeadline{10'000};
    Milliseconds closeDeadline{5'000};
    Milliseconds tick{0}; ///< 0: movement goes out in the turn it came in
    Milliseconds batchInterval{50};
    Milliseconds transformsInterval{1'000};
    Milliseconds drainWindow{2'000};
    int maxRoomsPerConnection = 1;
    int fullPresenceMembers = 100; ///< more: changes come as deltas
    int deltaPresenceMembers = 1'000; ///< more: only the count
    int presenceHysteresis = 10; ///< percent below a threshold that a room must fall to be below it
    Milliseconds presenceDeltaInterval{2'000};
    Milliseconds presenceCountInterval{5'000};
    size_t movementMark = 64 * 1024;
    size_t closeMark = 1024 * 1024;
    WebSocketSession::Limits session;
    ClientLimits client;
    RateLimits rates;
    bool sharesLimits = true; ///< with the other nodes, through Redis
    bool notifiesRateLimit = false;
    bool explainsDrops = false; ///< a log line for each drop

    /// Problems are collected in the configuration.
    static RealtimeConfig read(Configuration &configuration);
    /// Takes over what may change while running.
    void reloadFrom(const RealtimeConfig &next);
};

} // namespace Rollcall::Realtime

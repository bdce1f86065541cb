// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/realtime/realtimecontext.h"

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace Rollcall::Realtime {

/// The orderly end of a gateway: everyone is told when to go (at random within the window, early
/// enough to be elsewhere before its end) and where to; who has not gone by then is closed with
/// 4000, in batches, and waited for until a deadline.
class Drain
{
public:
    /// `finished` runs once, possibly inside start().
    Drain(const RealtimeContext &context, std::vector<ConnectionId> connections,
          std::function<void()> finished);

    void start();
    /// The last connection is gone.
    void handleEmpty();

private:
    struct Leaver
    {
        ConnectionId connection;
        std::chrono::milliseconds due; ///< after the beginning; closed a while later
    };

    void announce();
    QByteArray refugeOf(const Connection &connection);
    void closeDue();
    void finish();

    RealtimeContext m_context;
    std::vector<Leaver> m_leavers; ///< still to be closed, the earliest last
    std::function<void()> m_finished;
    std::unordered_map<RoomId, QByteArray> m_refuges; ///< a room stays together
    size_t m_nextNode = 0;
    Clock::SteadyTime m_startedAt{};
    std::chrono::milliseconds m_patience{0};
    std::unique_ptr<ClockTimer> m_batchTimer;
    std::unique_ptr<ClockTimer> m_deadline;
};

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/realtime/realtimecontext.h"

#include <functional>
#include <memory>
#include <vector>

namespace Rollcall::Realtime {

/// The orderly end of a gateway: everyone is told when to come back (at random within the window),
/// then closed with 4000 in batches, and waited for until a deadline.
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
    void announce();
    void closeSome();
    void finish();

    RealtimeContext m_context;
    std::vector<ConnectionId> m_connections; ///< still to be closed
    std::function<void()> m_finished;
    size_t m_batch = 0;
    std::unique_ptr<ClockTimer> m_batchTimer;
    std::unique_ptr<ClockTimer> m_deadline;
};

} // namespace Rollcall::Realtime

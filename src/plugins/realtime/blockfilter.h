// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/realtime/realtimecontext.h"

#include <functional>

namespace Rollcall::Realtime {

/// Whom the users of this node's connections block: learnt when they join, told to the hub, and
/// when it changes shown to them by a fresh room_state.
class BlockFilter
{
public:
    using SendState = std::function<void(const RoomId &, ConnectionId)>;

    BlockFilter(const RealtimeContext &context, SendState sendState);

    bool isKnown(const Connection &connection) const;
    /// `done` runs once the blocklist of the connection's user is known, or after the deadline; it
    /// may run at once, and not at all if the connection ends.
    void learn(Connection &connection, std::function<void()> done);
    /// The connection ends.
    void release(Connection &connection);

private:
    void apply(Connection &connection);

    RealtimeContext m_context;
    SendState m_sendState;
};

} // namespace Rollcall::Realtime

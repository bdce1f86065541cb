// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/realtime/realtimecontext.h"

namespace Rollcall::Realtime {

class RoomFlow;

/// What operators decide about users, done to the connections of this node: told, and sent away.
class ModerationFlow
{
public:
    ModerationFlow(const RealtimeContext &context, RoomFlow &flow);

private:
    void remove(const RoomId &room, const UserId &user, const QByteArray &reason, CloseCode code);
    void tellMuted(const RoomId &room, const UserId &user, const QByteArray &reason);

    RealtimeContext m_context;
    RoomFlow &m_flow;
};

} // namespace Rollcall::Realtime

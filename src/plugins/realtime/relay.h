// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/relaydecoder.h"
#include "core/protocol/serverevent.h"
#include "plugins/realtime/realtimemetrics.h"

namespace Rollcall {
class Clock;
class PresenceService;
} // namespace Rollcall

namespace Rollcall::Realtime {

class Hub;

/// What happens in a room, to and from the other nodes that hold members of it. A payload is a
/// frame of the `rooms` dialect: it says itself what it is and about whom.
class Relay
{
public:
    Relay(PresenceService &presence, Hub &hub, Clock &clock, RealtimeMetrics &metrics);

    /// Nothing if no other node holds members of the room.
    void send(const RoomId &room, const ServerEvent &event);
    /// From another node, to the room's connections here.
    void receive(const RoomId &room, const QByteArray &payload);

private:
    PresenceService &m_presence;
    Hub &m_hub;
    Clock &m_clock;
    RealtimeMetrics &m_metrics;
    RelayDecoder m_decoder;
};

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/relaydecoder.h"
#include "core/protocol/serverevent.h"
#include "plugins/realtime/realtimemetrics.h"

#include <functional>

namespace Rollcall {
class Clock;
class PresenceService;
} // namespace Rollcall

namespace Rollcall::Realtime {

class Hub;

/// A user's device that has entered a room.
struct DeviceEntry
{
    UserId user;
    QByteArray device;
    qint64 atMs = 0; ///< wall time of the node that it entered through
    QByteArray node;
};

/// What happens in a room, to and from the other nodes that hold members of it. A payload is a
/// frame of the `rooms` dialect: it says itself what it is and about whom.
class Relay
{
public:
    Relay(PresenceService &presence, Hub &hub, Clock &clock, RealtimeMetrics &metrics);

    /// Nothing if no other node holds members of the room.
    void send(const RoomId &room, const ServerEvent &event);
    /// A device has entered the room here: older connections of it are to go, wherever they are.
    void sendDeviceEntered(const RoomId &room, const DeviceEntry &entry);
    void setDeviceHandler(std::function<void(const RoomId &, const DeviceEntry &)> handler)
    {
        m_deviceHandler = std::move(handler);
    }
    /// From another node, to the room's connections here.
    void receive(const RoomId &room, const QByteArray &payload);

private:
    PresenceService &m_presence;
    Hub &m_hub;
    Clock &m_clock;
    RealtimeMetrics &m_metrics;
    RelayDecoder m_decoder;
    std::function<void(const RoomId &, const DeviceEntry &)> m_deviceHandler;
};

} // namespace Rollcall::Realtime

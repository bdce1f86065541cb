// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/clientconfiguration.h"

#include "core/services/presenceservice.h"
#include "plugins/rooms/roomsconfig.h"

namespace Rollcall::Rooms {

QJsonObject clientConfiguration(const RoomsConfig &config, const PresenceService &presence)
{
    const LivenessTimes times = presence.times(Dialect::Rooms);
    return {
        {QStringLiteral("heartbeatIntervalMs"), qint64(times.heartbeat.count())},
        {QStringLiteral("ttlMs"), qint64(times.ttl.count())},
        {QStringLiteral("PRESENCE_HEARTBEAT_INTERVAL_MS"), qint64(times.heartbeat.count())},
        {QStringLiteral("PRESENCE_TTL_MS"), qint64(times.ttl.count())},
        {QStringLiteral("REALTIME_PROVIDER"), config.clientProvider},
        {QStringLiteral("REALTIME_RECONNECT_INTERVAL_MS"),
         qint64(config.clientReconnectInterval.count())},
        {QStringLiteral("USE_MOCK_REALTIME"), config.clientMock},
    };
}

} // namespace Rollcall::Rooms

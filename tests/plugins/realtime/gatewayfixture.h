// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/manualclock.h"
#include "core/base/metrics.h"
#include "plugins/realtime/gateway.h"
#include "support/fakeclient.h"
#include "support/fakemoderationservice.h"
#include "support/fakepresenceservice.h"
#include "support/fakeroomdirectory.h"
#include "support/faketokenservice.h"

#include <memory>

namespace Rollcall::Realtime {

/// A gateway on fakes and a manual clock. Connected to presence as the plugin does it.
struct GatewayFixture
{
    ManualClock clock;
    Metrics metrics;
    FakePresenceService presence;
    FakeTokenService tokens;
    FakeRoomDirectory directory;
    FakeModerationService moderation;
    RealtimeConfig config;
    NodeId node{"node.1"};
    std::unique_ptr<Gateway> gateway;

    void start(std::unique_ptr<TransformStore> transforms = nullptr)
    {
        gateway = std::make_unique<Gateway>(
            GatewayServices{clock, metrics, node, presence, tokens, &directory, &moderation},
            config, std::move(transforms));
        QObject::connect(gateway.get(), &RealtimeService::heartbeatReceived, &presence,
                         &PresenceService::touch);
        QObject::connect(gateway.get(), &RealtimeService::stateChanged, &presence,
                         &PresenceService::setState);
    }

    std::unique_ptr<FakeClient> connect(const UpgradeRequest &request = {})
    {
        auto client = std::make_unique<FakeClient>();
        gateway->adopt(client->peer.takeTransport(), request);
        return client;
    }
    /// Connected, in the room, with nothing unread.
    std::unique_ptr<FakeClient> joined(const char *room, const char *user,
                                       const QJsonObject &more = {})
    {
        auto client = connect();
        client->join(room, user, more);
        client->takeEvents();
        return client;
    }
    /// The value of a counter or gauge as /metrics shows it, "name{label=\"x\"}"; -1 if it is not
    /// there.
    double metric(const QByteArray &name)
    {
        for (const QByteArray &line : metrics.render().split('\n')) {
            if (line.startsWith(name + ' '))
                return line.mid(name.size() + 1).toDouble();
        }
        return -1;
    }
};

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/realtimeplugin.h"

#include "core/extension/plugincontext.h"
#include "core/services/moderationservice.h"
#include "core/services/presenceservice.h"
#include "core/services/redisservice.h"
#include "core/services/roomdirectory.h"
#include "core/services/tokenservice.h"
#include "core/services/upgradeservice.h"
#include "plugins/realtime/gateway.h"
#include "plugins/realtime/redistransformstore.h"

namespace Rollcall::Realtime {

RealtimePlugin::RealtimePlugin() = default;

RealtimePlugin::~RealtimePlugin()
{
    if (m_upgrades)
        m_upgrades->removeEndpoint(m_gateway.get());
}

void RealtimePlugin::configure(Configuration &configuration)
{
    m_config = RealtimeConfig::read(configuration);
}

Result<void> RealtimePlugin::initialize(PluginContext &context)
{
    m_context = &context;
    auto *presence = context.find<PresenceService>();
    auto *tokens = context.find<TokenService>();
    if (!presence || !tokens)
        return Error{
            ErrorCode::Unavailable, QStringLiteral("needs PresenceService and TokenService"), {}};
    std::unique_ptr<TransformStore> transforms;
    if (auto *redis = context.find<RedisService>()) {
        transforms = std::make_unique<RedisTransformStore>(*redis, context.clock(),
                                                           m_config.transformsInterval);
    }
    m_gateway = std::make_unique<Gateway>(
        GatewayServices{context.clock(), context.metrics(), context.node(), *presence, *tokens,
                        context.find<RoomDirectory>(), context.find<ModerationService>(),
                        context.find<RedisService>()},
        m_config, std::move(transforms));
    context.publish<RealtimeService>(m_gateway.get());
    return {};
}

void RealtimePlugin::extensionsInitialized()
{
    auto *presence = m_context->find<PresenceService>();
    connect(m_gateway.get(), &RealtimeService::heartbeatReceived, presence,
            &PresenceService::touch);
    connect(m_gateway.get(), &RealtimeService::stateChanged, presence, &PresenceService::setState);
    m_upgrades = m_context->find<UpgradeService>();
    if (m_upgrades)
        m_upgrades->addEndpoint("/ws", m_gateway.get());
}

void RealtimePlugin::applyConfiguration() { m_gateway->applyConfiguration(m_config); }

Plugin::Shutdown RealtimePlugin::aboutToShutdown()
{
    if (m_gateway->connectionCount() == 0) {
        m_gateway->drain([] {});
        return Shutdown::Finished;
    }
    // Never from inside this call: the host listens to the signal only after it.
    m_gateway->drain([this] {
        QMetaObject::invokeMethod(this, &Plugin::shutdownFinished, Qt::QueuedConnection);
    });
    return Shutdown::Asynchronous;
}

} // namespace Rollcall::Realtime

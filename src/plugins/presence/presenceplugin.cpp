// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/presenceplugin.h"

#include "core/extension/plugincontext.h"
#include "core/services/httpservice.h"
#include "core/services/redisservice.h"
#include "plugins/presence/presenceapi.h"
#include "plugins/presence/presencecommand.h"
#include "plugins/presence/presenceengine.h"

namespace Rollcall::Presence {

PresencePlugin::PresencePlugin() = default;
PresencePlugin::~PresencePlugin() = default;

void PresencePlugin::configure(Configuration &configuration)
{
    m_config = PresenceConfig::read(configuration);
}

Result<void> PresencePlugin::initialize(PluginContext &context)
{
    auto *redis = context.find<RedisService>();
    m_engine = std::make_unique<PresenceEngine>(m_config, context.clock(), context.metrics(), redis,
                                                context.node());
    context.publish<PresenceService>(m_engine.get());
    auto *http = context.find<HttpService>();
    if (http) {
        m_engine->setPublicUrl([http] { return http->publicUrl(); });
        m_api = std::make_unique<PresenceApi>(*http, *m_engine, context.metrics());
    }
    if (http && redis && redis->isConfigured()) {
        http->addReadinessCheck("redis", this, false, [redis] { return redis->downReason(); });
    }
    return {};
}

void PresencePlugin::applyConfiguration() { m_engine->applyConfiguration(m_config); }

Plugin::Shutdown PresencePlugin::aboutToShutdown()
{
    // Shared with the callback, which may come later than this call ends.
    auto state = std::make_shared<Shutdown>(Shutdown::Finished);
    auto isDone = std::make_shared<bool>(false);
    m_engine->drain([this, state, isDone] {
        *isDone = true;
        if (*state == Shutdown::Asynchronous)
            Q_EMIT shutdownFinished();
    });
    if (!*isDone)
        *state = Shutdown::Asynchronous;
    return *state;
}

void PresencePlugin::runCommand(CommandRun &run)
{
    m_command = std::make_unique<PresenceCommand>(run);
    m_command->start();
}

} // namespace Rollcall::Presence

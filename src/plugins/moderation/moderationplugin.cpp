// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/moderation/moderationplugin.h"

#include "core/extension/plugincontext.h"
#include "core/services/httpservice.h"
#include "core/services/presenceservice.h"
#include "core/services/redisservice.h"
#include "plugins/moderation/blockapi.h"
#include "plugins/moderation/moderator.h"
#include "plugins/moderation/sanctionapi.h"

namespace Rollcall::Moderation {

ModerationPlugin::ModerationPlugin() = default;
ModerationPlugin::~ModerationPlugin() = default;

void ModerationPlugin::configure(Configuration &configuration)
{
    m_config = ModerationConfig::read(configuration);
}

Result<void> ModerationPlugin::initialize(PluginContext &context)
{
    auto *presence = context.find<PresenceService>();
    if (!presence)
        return Error{ErrorCode::Internal, QStringLiteral("needs PresenceService"), {}};
    m_moderator = std::make_unique<Moderator>(m_config, *presence, context.find<RedisService>(),
                                              context.clock(), context.metrics(), context.node());
    m_http = context.find<HttpService>();
    if (m_http) {
        m_blockApi = std::make_unique<BlockApi>(*m_http, *m_moderator);
        m_sanctionApi = std::make_unique<SanctionApi>(*m_http, *m_moderator);
    }
    applyConfiguration();
    context.publish<ModerationService>(m_moderator.get());
    return {};
}

void ModerationPlugin::applyConfiguration()
{
    if (m_http)
        m_http->limitRate("POST", "/moderation/block", m_config.blockRate);
}

void ModerationPlugin::extensionsInitialized() { m_moderator->start(); }

} // namespace Rollcall::Moderation

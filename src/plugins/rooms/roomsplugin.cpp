// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/roomsplugin.h"

#include "core/services/httpservice.h"
#include "core/services/moderationservice.h"
#include "core/services/presenceservice.h"
#include "core/services/realtimeservice.h"
#include "core/services/redisservice.h"
#include "core/services/tokenservice.h"
#include "plugins/rooms/clientconfiguration.h"
#include "plugins/rooms/directory.h"
#include "plugins/rooms/joinapi.h"
#include "plugins/rooms/listapi.h"
#include "plugins/rooms/operatorapi.h"
#include "plugins/rooms/presencestatusapi.h"
#include "plugins/rooms/roomboard.h"

namespace Rollcall::Rooms {

RoomsPlugin::RoomsPlugin() = default;
RoomsPlugin::~RoomsPlugin() = default;

void RoomsPlugin::configure(Configuration &configuration)
{
    m_config = RoomsConfig::read(configuration);
}

Result<void> RoomsPlugin::initialize(PluginContext &context)
{
    auto *presence = context.find<PresenceService>();
    auto *http = context.find<HttpService>();
    auto *tokens = context.find<TokenService>();
    if (!presence || !http || !tokens)
        return Error{ErrorCode::Internal,
                     QStringLiteral("needs PresenceService, HttpService and TokenService"),
                     {}};
    m_context = &context;
    Clock &clock = context.clock();
    Metrics &metrics = context.metrics();
    m_directory = std::make_unique<Directory>(m_config, *presence, context.find<RedisService>(),
                                              clock, metrics);
    m_board = std::make_unique<RoomBoard>(*m_directory, *presence, clock);
    m_listApi = std::make_unique<ListApi>(*http, *m_directory, *m_board, *presence, context.node(),
                                          clock, metrics);
    m_joinApi = std::make_unique<JoinApi>(*http, *m_directory, *m_board, *presence, *tokens, clock,
                                          metrics);
    m_operatorApi = std::make_unique<OperatorApi>(*http, *m_directory);
    m_statusApi = std::make_unique<PresenceStatusApi>(*http, *presence, clock, metrics);
    http->addClientConfiguration(
        this, [this, presence] { return clientConfiguration(m_directory->config(), *presence); });
    context.publish<RoomDirectory>(m_directory.get());
    return {};
}

void RoomsPlugin::extensionsInitialized()
{
    m_directory->setModeration(m_context->find<ModerationService>());
    m_listApi->setRealtime(m_context->find<RealtimeService>());
    m_directory->start();
}

void RoomsPlugin::applyConfiguration()
{
    m_directory->applyConfiguration(m_config);
    m_listApi->applyConfiguration();
    m_joinApi->applyConfiguration();
}

Plugin::Shutdown RoomsPlugin::aboutToShutdown()
{
    m_joinApi->setDraining();
    return Shutdown::Finished;
}

} // namespace Rollcall::Rooms

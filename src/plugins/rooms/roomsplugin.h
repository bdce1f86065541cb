// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/extension/plugin.h"
#include "core/extension/plugincontext.h"
#include "plugins/rooms/roomsconfig.h"

#include <memory>

namespace Rollcall::Rooms {

class Directory;
class JoinApi;
class ListApi;
class OperatorApi;
class PresenceStatusApi;
class RoomBoard;

/// Provides RoomDirectory, and the rooms' part of the HTTP API.
class RoomsPlugin final : public Plugin
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID ROLLCALL_PLUGIN_IID FILE "rooms.json")
public:
    RoomsPlugin();
    ~RoomsPlugin() override;

    void configure(Configuration &configuration) override;
    Result<void> initialize(PluginContext &context) override;
    void extensionsInitialized() override;
    void applyConfiguration() override;
    Shutdown aboutToShutdown() override;

private:
    RoomsConfig m_config;
    PluginContext *m_context = nullptr;
    std::unique_ptr<Directory> m_directory;
    std::unique_ptr<RoomBoard> m_board;
    std::unique_ptr<ListApi> m_listApi;
    std::unique_ptr<JoinApi> m_joinApi;
    std::unique_ptr<OperatorApi> m_operatorApi;
    std::unique_ptr<PresenceStatusApi> m_statusApi;
};

} // namespace Rollcall::Rooms

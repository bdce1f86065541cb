// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/extension/plugin.h"
#include "plugins/presence/presenceconfig.h"

#include <memory>

namespace Rollcall::Presence {

class PresenceApi;
class PresenceCommand;
class PresenceEngine;

/// Provides PresenceService.
class PresencePlugin final : public Plugin
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID ROLLCALL_PLUGIN_IID FILE "presence.json")
public:
    PresencePlugin();
    ~PresencePlugin() override;

    void configure(Configuration &configuration) override;
    Result<void> initialize(PluginContext &context) override;
    void applyConfiguration() override;
    Shutdown aboutToShutdown() override;
    void runCommand(CommandRun &run) override;

private:
    PresenceConfig m_config;
    std::unique_ptr<PresenceEngine> m_engine;
    std::unique_ptr<PresenceApi> m_api;
    std::unique_ptr<PresenceCommand> m_command;
};

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/extension/plugin.h"
#include "plugins/moderation/moderationconfig.h"

#include <memory>

namespace Rollcall::Moderation {

class BlockApi;
class Moderator;
class SanctionApi;

/// Provides ModerationService, and the HTTP API about it.
class ModerationPlugin final : public Plugin
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID ROLLCALL_PLUGIN_IID FILE "moderation.json")
public:
    ModerationPlugin();
    ~ModerationPlugin() override;

    void configure(Configuration &configuration) override;
    Result<void> initialize(PluginContext &context) override;
    void extensionsInitialized() override;
    void applyConfiguration() override;

private:
    ModerationConfig m_config;
    HttpService *m_http = nullptr; // null: there is none
    std::unique_ptr<Moderator> m_moderator;
    std::unique_ptr<BlockApi> m_blockApi;
    std::unique_ptr<SanctionApi> m_sanctionApi;
};

} // namespace Rollcall::Moderation

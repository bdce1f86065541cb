// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/extension/plugin.h"
#include "plugins/realtime/realtimeconfig.h"

#include <QPointer>

#include <memory>

namespace Rollcall {
class UpgradeService;
}

namespace Rollcall::Realtime {

class Gateway;

/// The `realtime` plugin: WebSockets at /ws.
class RealtimePlugin final : public Plugin
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID ROLLCALL_PLUGIN_IID FILE "realtime.json")
public:
    RealtimePlugin();
    ~RealtimePlugin() override;

    void configure(Configuration &configuration) override;
    Result<void> initialize(PluginContext &context) override;
    void extensionsInitialized() override;
    void applyConfiguration() override;
    Shutdown aboutToShutdown() override;

private:
    RealtimeConfig m_config;
    PluginContext *m_context = nullptr;
    QPointer<UpgradeService> m_upgrades;
    std::unique_ptr<Gateway> m_gateway;
};

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/configuration.h"
#include "host/hostconfig.h"

#include <optional>

namespace Rollcall {

class ConfigurationSource;
class NodeServices;
class PluginManager;

struct ReloadedConfiguration
{
    Configuration configuration;
    HostSettings settings;
};

/// Reads the settings again and puts into effect what can change while running; what needs a
/// restart is named in the log. With an error anywhere nothing changes at all. `listening`: what
/// the host was started with.
std::optional<ReloadedConfiguration>
reloadConfiguration(const ConfigurationSource &source, const EdgeConfig &listening,
                    Configuration &current, PluginManager &plugins, NodeServices &services);

} // namespace Rollcall

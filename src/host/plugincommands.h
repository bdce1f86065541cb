// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/metrics.h"
#include "core/extension/plugincontext.h"
#include "host/commandline.h"
#include "host/hostconfig.h"

#include <memory>

namespace Rollcall {

class CommandRun;
class PluginManager;
class PluginSpec;
class RedisHub;

/// Lines of `rollcall help` for the commands of plugins, from their metadata alone. Wrong settings
/// only leave out what they hide.
QString pluginCommandsHelp(const CommandLine &line);

/// `rollcall <command> ...` of a plugin: loads that plugin, lets it read its settings, and calls
/// it. Nothing is started but a connection to Redis, if `redis.url` names one.
class PluginCommandRunner
{
public:
    explicit PluginCommandRunner(const CommandLine &line);
    ~PluginCommandRunner();

    /// Returns the exit code.
    int run();

private:
    /// Null: said why, with m_exitCode.
    const PluginSpec *find(const PluginManager &plugins);
    int startRedis(const RedisConfig &config);
    int execute(PluginSpec &spec);

    CommandLine m_line;
    SystemClock m_clock;
    Metrics m_metrics;
    ServiceRegistry m_services;
    PluginContext m_context;
    std::unique_ptr<RedisHub> m_redis;
    std::unique_ptr<PluginManager> m_plugins; // destroyed before what the plugin uses
};

} // namespace Rollcall

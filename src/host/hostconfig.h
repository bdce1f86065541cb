// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/auth/authconfig.h"
#include "core/base/logging.h"
#include "core/edge/edgeconfig.h"
#include "core/extension/pluginresolver.h"
#include "core/redis/redisconfig.h"

#include <QStringList>

#include <chrono>

namespace Rollcall {

class Configuration;

/// The `host` section and the host's part of `http`.
struct HostConfig
{
    QByteArray nodeId; ///< same after a restart, different for every host of one Redis
    std::chrono::milliseconds startPatience{2'000};
    std::chrono::milliseconds stopDeadline{10'000};
    bool demo = true; ///< the demo page at /
    QString demoRoot; ///< empty: beside the program, share/rollcall/web

    static HostConfig read(Configuration &configuration, const EdgeConfig &edge);
};

/// The `plugins` section.
struct PluginsConfig
{
    QStringList path;
    QString dropIn;
    QStringList disabled;
    QMap<QString, QString> providers;
    QStringList required; ///< services without which the node is not ready

    static PluginsConfig read(Configuration &configuration);
};

/// Everything the host itself reads; plugins read theirs.
struct HostSettings
{
    LogConfig log;
    EdgeConfig edge;
    HostConfig host;
    PluginsConfig plugins;
    RedisConfig redis;
    AuthConfig auth;

    /// Problems, also of settings that do not fit together, are collected in the configuration.
    static HostSettings read(Configuration &configuration);
};

bool isLoopbackListener(const EdgeConfig &edge);

} // namespace Rollcall

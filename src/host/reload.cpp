// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/reload.h"

#include "core/extension/pluginmanager.h"
#include "host/configurationsource.h"
#include "host/nodeservices.h"

#include <QLoggingCategory>

namespace Rollcall {

namespace {

Q_LOGGING_CATEGORY(log, "rollcall.host.reload")

void logDifferences(const Configuration &before, const Configuration &after)
{
    QStringList applied;
    QStringList needRestart;
    for (const QString &name : Configuration::differences(before, after)) {
        const bool isApplied = after.settings().value(name).onReload == OnReload::Applied;
        (isApplied ? applied : needRestart).append(name);
    }
    const QString comma = QStringLiteral(", ");
    qCInfo(log).noquote() << "settings read again, changed:"
                          << (applied.isEmpty() ? QStringLiteral("nothing") : applied.join(comma));
    if (!needRestart.isEmpty())
        qCWarning(log).noquote() << "these need a restart:" << needRestart.join(comma);
}

} // namespace

std::optional<ReloadedConfiguration>
reloadConfiguration(const ConfigurationSource &source, const EdgeConfig &listening,
                    Configuration &current, PluginManager &plugins, NodeServices &services)
{
    ReloadedConfiguration reloaded{source.load(), {}};
    Configuration &configuration = reloaded.configuration;
    reloaded.settings = HostSettings::read(configuration);
    // A new edge.host waits for a restart; who may come in does not.
    const auto allowed = reloaded.settings.auth.checkListener(isLoopbackListener(listening));
    if (!allowed && configuration.errors().isEmpty())
        configuration.addError(allowed.error().logText);
    plugins.configure(configuration);
    configuration.finish();
    if (!configuration.errors().isEmpty()) {
        for (const QString &error : configuration.errors())
            qCWarning(log).noquote() << error;
        qCWarning(log) << "the settings stay as they were";
        plugins.configure(current); // they keep what they read last
        return std::nullopt;
    }
    for (const QString &problem : services.applyConfiguration(reloaded.settings))
        qCWarning(log).noquote() << problem;
    applyLogging(reloaded.settings.log);
    plugins.applyConfiguration();
    logDifferences(current, configuration);
    return reloaded;
}

} // namespace Rollcall

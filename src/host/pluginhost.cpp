// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/pluginhost.h"

#include "core/base/version.h"
#include "core/extension/dropinfolder.h"
#include "core/services/httpservice.h"
#include "core/services/redisservice.h"
#include "core/services/tokenservice.h"
#include "core/services/upgradeservice.h"
#include "host/hostconfig.h"

#include <QCoreApplication>
#include <QDir>

namespace Rollcall {

QStringList hostServiceNames()
{
    return {QLatin1String(HttpService::kServiceName), QLatin1String(RedisService::kServiceName),
            QLatin1String(TokenService::kServiceName), QLatin1String(UpgradeService::kServiceName)};
}

QString builtInPluginFolder()
{
    const QString folder = qEnvironmentVariable("ROLLCALL_PLUGIN_DIR");
    if (!folder.isEmpty())
        return folder;
    return QDir::cleanPath(QCoreApplication::applicationDirPath()
                           + QLatin1String("/" ROLLCALL_PLUGIN_PATH));
}

QString builtInWebFolder()
{
    return QDir::cleanPath(QCoreApplication::applicationDirPath()
                           + QLatin1String("/" ROLLCALL_WEB_PATH));
}

std::unique_ptr<PluginManager> findPlugins(const PluginsConfig &config,
                                           const QStringList &extraFolders, QStringList &problems)
{
    auto plugins = std::make_unique<PluginManager>(
        PluginOptions{.disabled = config.disabled,
                      .providers = config.providers,
                      .hostServices = hostServiceNames(),
                      .hostVersion = QVersionNumber::fromString(version())});
    if (const QString folder = builtInPluginFolder();
        !plugins->addFolder(folder, PluginOrigin::BuiltIn))
        problems.append(
            QStringLiteral("the folder of the built-in plugins, %1, is not there").arg(folder));
    for (const QString &folder : config.path) {
        if (!plugins->addFolder(folder, PluginOrigin::Path))
            problems.append(QStringLiteral("plugins.path: there is no folder %1").arg(folder));
    }
    for (const QString &folder : extraFolders) {
        if (!plugins->addFolder(folder, PluginOrigin::Path))
            problems.append(QStringLiteral("--plugin-path: there is no folder %1").arg(folder));
    }
    if (!config.dropIn.isEmpty()) {
        for (const QString &file : DropInFolder(config.dropIn).files())
            plugins->addFile(file, PluginOrigin::DropIn);
    }
    problems += plugins->resolve();
    return plugins;
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/extension/pluginmanager.h"

namespace Rollcall {

struct PluginsConfig;

/// The services that the host itself publishes, by name.
QStringList hostServiceNames();

/// Folder of the plugins that came with this program; ROLLCALL_PLUGIN_DIR wins.
QString builtInPluginFolder();
/// Folder of the demo page that came with this program.
QString builtInWebFolder();

/// A manager that has found and resolved everything on the search path, with the problems of the
/// settings (folders that are not there among them).
std::unique_ptr<PluginManager> findPlugins(const PluginsConfig &config,
                                           const QStringList &extraFolders, QStringList &problems);

} // namespace Rollcall

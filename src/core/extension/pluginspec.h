// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/extension/plugin.h"
#include "core/extension/pluginmetadata.h"

#include <QPointer>

namespace Rollcall {

enum class PluginOrigin {
    BuiltIn, ///< the host's own folder
    Path, ///< `plugins.path` or --plugin-path
    DropIn, ///< the watched folder
};

enum class PluginState {
    Found, ///< metadata read, not resolved yet
    Disabled, ///< `plugins.disabled`
    Superseded, ///< another plugin provides the same; reason() says which
    Resolved, ///< everything it needs is there
    Loaded, ///< its code is in the process
    Initialized, ///< its services are published
    Running,
    Stopping, ///< aboutToShutdown() answered Asynchronous
    Stopped,
    Failed, ///< reason() says why
};

ROLLCALL_CORE_EXPORT QLatin1String pluginStateName(PluginState state);
ROLLCALL_CORE_EXPORT QLatin1String pluginOriginName(PluginOrigin origin);

/// A plugin library that was found, and what became of it. Owned and changed by the PluginManager.
class ROLLCALL_CORE_EXPORT PluginSpec
{
public:
    /// Reads the metadata of a library without running its code. A file that is no plugin becomes a
    /// spec in state Failed.
    PluginSpec(const QString &path, PluginOrigin origin);

    const QString &path() const { return m_path; }
    PluginOrigin origin() const { return m_origin; }
    /// Of the metadata; the file's name when that could not be read.
    QString id() const;
    bool hasMetaData() const { return m_hasMetaData; }
    const PluginMetaData &metaData() const { return m_metaData; }

    PluginState state() const { return m_state; }
    /// Why it is Disabled, Superseded or Failed.
    const QString &reason() const { return m_reason; }
    /// Null before Loaded, and after a failure.
    Plugin *plugin() const { return m_plugin; }
    /// From Initialized to Stopping: what depends on it can use it.
    bool isActive() const;
    /// Null, or the failed plugin without which this one cannot go on.
    const PluginSpec *brokenDependency() const;

private:
    friend class PluginManager;
    friend class PluginResolver;
    friend class PluginShutdown;
    void setState(PluginState state, const QString &reason = {});
    Result<void> readMetaData();

    QString m_path;
    PluginOrigin m_origin;
    PluginMetaData m_metaData;
    bool m_hasMetaData = false;
    bool m_wasLoaded = false; ///< its code is in the process, whatever became of the plugin
    PluginState m_state = PluginState::Found;
    QString m_reason;
    QPointer<Plugin> m_plugin;
    std::vector<PluginSpec *> m_dependencies; ///< plugins only, set when resolved
    QStringList m_published; ///< services it has put into the registry
};

} // namespace Rollcall

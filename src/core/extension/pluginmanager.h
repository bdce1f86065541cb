// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/extension/pluginresolver.h"

#include <QObject>

#include <chrono>
#include <memory>

namespace Rollcall {

class Clock;
class Configuration;
class PluginContext;

/// Finds plugins, decides which of them can run, and takes them through their life.
///
/// addFolder() and resolve() run no code of a plugin. Then load(), configure(), start(), and at the
/// end stop(). A plugin that fails on the way takes its dependants with it and nobody else; each
/// keeps its reason in its PluginSpec. Plugins that arrive later go through the same with
/// addLive(). Libraries are never unloaded; the plugin objects are destroyed with the manager,
/// dependants first.
class ROLLCALL_CORE_EXPORT PluginManager : public QObject
{
    Q_OBJECT
public:
    explicit PluginManager(PluginOptions options, QObject *parent = nullptr);
    ~PluginManager() override;

    /// Reads the metadata of every *.so in the folder. False: there is no such folder.
    bool addFolder(const QString &folder, PluginOrigin origin);
    /// Reads the metadata of one library. A path that is known already is read again, unless its
    /// code is in the process. Null: it is.
    PluginSpec *addFile(const QString &path, PluginOrigin origin);
    /// Decides and orders. Returns the problems of the settings (`plugins.provider`).
    QStringList resolve();

    /// Loads the code of everything resolved.
    void load();
    /// Loads the code of this one alone, for its commands. False: it failed.
    bool loadOnly(const PluginSpec *spec);
    /// Lets every loaded plugin read its settings, and claims the sections of those that do not
    /// run.
    void configure(Configuration &configuration);
    /// initialize() root to leaf, then extensionsInitialized() leaf to root. `context` must outlive
    /// the manager.
    void start(PluginContext &context);
    /// After configure() without an error, while running.
    void applyConfiguration();

    /// Loads a library into the running host, with others that waited for it. Settings that are
    /// wrong fail the plugin they belong to. After start() only.
    void addLive(const QString &path, PluginOrigin origin, Configuration &configuration);

    /// Asks dependants before what they depend on, each once all its dependants have finished.
    /// Emits stopped().
    void stop(Clock &clock, std::chrono::milliseconds deadline);

    std::vector<const PluginSpec *> specs() const;
    /// Those whose code is to run or runs, what is depended on first.
    const std::vector<PluginSpec *> &order() const { return m_order; }

Q_SIGNALS:
    void pluginStarted(const QString &id);
    void pluginFailed(const QString &id, const QString &reason);
    /// `unfinished`: ids of the plugins the deadline cut off.
    void stopped(const QStringList &unfinished);

private:
    using Specs = std::vector<PluginSpec *>;
    Specs resolveFound(QStringList &problems);
    void load(const Specs &specs);
    void loadOne(PluginSpec *spec);
    void configureOne(PluginSpec *spec, Configuration &configuration);
    void start(const Specs &specs);
    void initializeOne(PluginSpec *spec);
    void connectOne(PluginSpec *spec);
    void fail(PluginSpec *spec, const QString &reason);
    void failDependants(PluginSpec *failed);

    PluginOptions m_options;
    std::vector<std::unique_ptr<PluginSpec>> m_specs;
    Specs m_order;
    PluginContext *m_context = nullptr;
};

} // namespace Rollcall

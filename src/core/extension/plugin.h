// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/configuration.h"
#include "core/base/export.h"
#include "core/base/result.h"

#include <QObject>

#define ROLLCALL_PLUGIN_IID "org.rollcall.Plugin/1"

namespace Rollcall {

class CommandRun;
class PluginContext;

/// The root object of a plugin library. The host creates it, calls it in the order below, and owns
/// it until the process ends; the library is never unloaded.
///
/// Root to leaf (a plugin comes after what it depends on): configure(), initialize(). Leaf to root:
/// extensionsInitialized(). At the end, leaf to root: aboutToShutdown(). On SIGHUP: configure() on
/// all, and only if no plugin reported an error, applyConfiguration() on all.
class ROLLCALL_CORE_EXPORT Plugin : public QObject
{
    Q_OBJECT
public:
    enum class Shutdown {
        Finished,
        Asynchronous, ///< shutdownFinished() will follow; past the deadline the host goes on
                      ///< without
    };

    explicit Plugin(QObject *parent = nullptr);
    ~Plugin() override;

    /// Reads all settings of the plugin's sections (metadata ConfigurationSections) through
    /// ConfigurationReader(configuration, "section") and keeps them; no effect yet. Also what
    /// --check-config runs: no sockets, no files, no context.
    virtual void configure(Configuration &configuration);

    /// Builds and publishes services. On failure the plugin and its dependants are left out, with
    /// this reason.
    virtual Result<void> initialize(PluginContext &context) = 0;

    /// Everything is published: use other services, connect signals.
    virtual void extensionsInitialized();

    /// Puts the settings of the last configure() into effect, as far as they are OnReload::Applied.
    virtual void applyConfiguration();

    /// Stop accepting, drain, finish. Must return at once.
    virtual Shutdown aboutToShutdown();

    /// `rollcall <command> ...`, one of those in the metadata (Commands), in a process of its own:
    /// after configure(), instead of initialize(). Nothing else of this or another plugin runs.
    /// May return before CommandRun::finish() was called; the event loop runs until it is.
    virtual void runCommand(CommandRun &run);

Q_SIGNALS:
    void shutdownFinished();
};

} // namespace Rollcall

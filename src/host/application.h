// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "host/commandline.h"
#include "host/configurationsource.h"
#include "host/hostconfig.h"

#include <QObject>

#include <memory>

namespace Rollcall {

class DropInFolder;
class NodeServices;
class PluginManager;
class StartGate;
class StaticFiles;
class UnixSignals;

/// A running host: starts the services and the plugins, serves, reloads on SIGHUP, stops on
/// SIGTERM.
class Application : public QObject
{
    Q_OBJECT
public:
    explicit Application(const CommandLine &commandLine);
    ~Application() override;

    /// Until the host has stopped. Returns the exit code.
    int run();

private:
    /// Of configure() and start(): Success means go on.
    int configure();
    int start();
    void logEnvironment() const;
    void publishRoutes();
    void watchDropInFolder();
    int listen();
    void handleFatal(const QString &reason);
    void handleStop();
    void handleStopped(const QStringList &unfinished);
    void reload();

    CommandLine m_commandLine;
    ConfigurationSource m_source;
    Configuration m_configuration;
    HostSettings m_settings;
    std::unique_ptr<UnixSignals> m_signals;
    std::unique_ptr<NodeServices> m_services;
    std::unique_ptr<StaticFiles> m_files;
    std::unique_ptr<StartGate> m_gate;
    std::unique_ptr<PluginManager> m_plugins; // destroyed before the services it uses
    std::unique_ptr<DropInFolder> m_dropIn;
    bool m_isStopping = false;
    int m_exitCode = 0;
};

} // namespace Rollcall

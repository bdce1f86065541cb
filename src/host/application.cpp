// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/application.h"

#include "core/auth/jwttokenservice.h"
#include "core/base/version.h"
#include "core/edge/edge.h"
#include "core/extension/dropinfolder.h"
#include "core/redis/redishub.h"
#include "host/descriptorlimit.h"
#include "host/exitcode.h"
#include "host/hostroutes.h"
#include "host/nodeservices.h"
#include "host/pluginhost.h"
#include "host/reload.h"
#include "host/startgate.h"
#include "host/staticfiles.h"
#include "host/terminal.h"
#include "host/unixsignals.h"

#include <QCoreApplication>
#include <QDir>
#include <QLoggingCategory>

namespace Rollcall {

namespace {

Q_LOGGING_CATEGORY(log, "rollcall.host")

} // namespace

Application::Application(const CommandLine &commandLine)
    : m_commandLine(commandLine)
    , m_source(commandLine, QProcessEnvironment::systemEnvironment())
{ }

Application::~Application() = default;

int Application::run()
{
    if (const int code = configure(); code != ExitCode::Success)
        return code;
    if (const int code = start(); code != ExitCode::Success)
        return code;
    return QCoreApplication::exec();
}

int Application::configure()
{
    m_configuration = m_source.load();
    m_settings = HostSettings::read(m_configuration);
    installLogging(m_settings.log);

    QStringList problems;
    m_plugins = findPlugins(m_settings.plugins, m_commandLine.pluginPaths, problems);
    for (const QString &problem : problems)
        m_configuration.addError(problem);
    m_plugins->load();
    m_plugins->configure(m_configuration);
    m_configuration.finish();
    for (const QString &error : m_configuration.errors())
        printError(error);
    return m_configuration.errors().isEmpty() ? ExitCode::Success : ExitCode::Configuration;
}

int Application::start()
{
    m_signals = std::make_unique<UnixSignals>();
    connect(m_signals.get(), &UnixSignals::stopRequested, this, &Application::handleStop);
    connect(m_signals.get(), &UnixSignals::reloadRequested, this, &Application::reload);

    m_services = std::make_unique<NodeServices>(m_settings);
    connect(&m_services->redis(), &RedisHub::fatal, this, &Application::handleFatal);
    logEnvironment();
    if (const auto started = m_services->start(); !started) {
        printError(started.error().logText);
        return started.error().code == ErrorCode::Configuration ? ExitCode::Configuration
                                                                : ExitCode::Unavailable;
    }
    // Before any plugin touches what a host on this port may hold in Redis. Nobody is accepted
    // until the loop turns.
    if (const int code = listen(); code != ExitCode::Success)
        return code;
    m_services->edge().holdConnections(true);
    m_plugins->start(m_services->context());
    publishRoutes();
    m_gate = std::make_unique<StartGate>(
        m_services->clock(), m_services->redis(), m_services->tokens(),
        m_services->context().find<PresenceService>(), m_settings.host.startPatience,
        [this] { m_services->edge().holdConnections(false); });
    watchDropInFolder();
    if (const QString path = m_services->redis().embeddedSocketPath(); !path.isEmpty())
        print(QStringLiteral("rollcall: embedded redis at %1\n").arg(path));
    print(QStringLiteral("rollcall: listening on %1\n").arg(m_services->edge().url().toString()));
    return ExitCode::Success;
}

void Application::logEnvironment() const
{
    const DescriptorLimit limit = raiseDescriptorLimit();
    const QString file = m_source.filePath().isEmpty()
        ? QStringLiteral("no file, defaults only")
        : QDir::current().absoluteFilePath(m_source.filePath());
    qCInfo(log).noquote() << QStringLiteral("rollcall %1, node %2, settings: %3, descriptors: %4")
                                 .arg(version(),
                                      QString::fromUtf8(m_services->context().node().value()), file)
                                 .arg(limit.soft);
    for (const QString &name : m_source.unknownVariables(m_configuration))
        qCWarning(log).noquote() << "the environment variable" << name << "sets nothing";
}

void Application::publishRoutes()
{
    HttpService &http = *m_services->edge().http();
    publishMetrics(http, m_services->context().metrics(), this);
    addPluginChecks(http, *m_plugins, m_services->context().services(), m_settings.plugins.required,
                    this);
    if (!m_settings.host.demo)
        return;
    const QString &configured = m_settings.host.demoRoot;
    const QString root = configured.isEmpty() ? builtInWebFolder() : configured;
    if (!QDir(root).exists()) {
        qCWarning(log).noquote() << "there is no demo page: no folder" << root;
        return;
    }
    m_files = std::make_unique<StaticFiles>(root);
    m_files->publish(http);
}

void Application::watchDropInFolder()
{
    if (m_settings.plugins.dropIn.isEmpty())
        return;
    m_dropIn = std::make_unique<DropInFolder>(m_settings.plugins.dropIn);
    connect(m_dropIn.get(), &DropInFolder::fileReady, this, [this](const QString &path) {
        if (m_isStopping)
            return;
        Configuration configuration = m_source.load();
        m_plugins->addLive(path, PluginOrigin::DropIn, configuration);
    });
    if (const auto started = m_dropIn->start(); !started)
        qCWarning(log).noquote() << "plugins.dropIn:" << started.error().logText;
}

int Application::listen()
{
    const auto listening = m_services->edge().listen();
    if (listening)
        return ExitCode::Success;
    printError(listening.error().logText);
    m_services->stop();
    return listening.error().code == ErrorCode::Configuration ? ExitCode::Configuration
                                                              : ExitCode::Unavailable;
}

void Application::handleFatal(const QString &reason)
{
    printError(reason);
    m_exitCode = ExitCode::Unavailable;
    if (!m_isStopping)
        handleStop();
}

void Application::handleStop()
{
    if (std::exchange(m_isStopping, true)) {
        qCWarning(log) << "asked a second time: stopping at once";
        QCoreApplication::exit(ExitCode::Failure);
        return;
    }
    qCInfo(log).noquote() << "stopping, within" << durationText(m_settings.host.stopDeadline);
    m_services->edge().setDraining();
    connect(m_plugins.get(), &PluginManager::stopped, this, &Application::handleStopped);
    m_plugins->stop(m_services->clock(), m_settings.host.stopDeadline);
}

void Application::handleStopped(const QStringList &unfinished)
{
    m_services->stop();
    qCInfo(log) << "stopped";
    if (!unfinished.isEmpty() && m_exitCode == ExitCode::Success)
        m_exitCode = ExitCode::Failure;
    // Queued: the reason may have come up before the loop began.
    QMetaObject::invokeMethod(
        this, [this] { QCoreApplication::exit(m_exitCode); }, Qt::QueuedConnection);
}

void Application::reload()
{
    if (m_isStopping)
        return;
    auto reloaded =
        reloadConfiguration(m_source, m_settings.edge, m_configuration, *m_plugins, *m_services);
    if (!reloaded)
        return;
    m_configuration = std::move(reloaded->configuration);
    m_settings.host.stopDeadline = reloaded->settings.host.stopDeadline;
}

} // namespace Rollcall

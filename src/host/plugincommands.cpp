// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/plugincommands.h"

#include "core/extension/commandrun.h"
#include "core/extension/plugin.h"
#include "core/extension/pluginmanager.h"
#include "core/redis/redishub.h"
#include "core/services/redisservice.h"
#include "host/configurationsource.h"
#include "host/exitcode.h"
#include "host/pluginhost.h"
#include "host/terminal.h"

#include <QEventLoop>
#include <QTimer>

#include <unistd.h>

namespace Rollcall {

namespace {

constexpr int kNameWidth = 17;

bool canRun(const PluginSpec &spec) { return spec.state() == PluginState::Resolved; }

bool hasCommand(const PluginSpec &spec, const QString &name)
{
    return std::ranges::any_of(spec.metaData().commands, [&name](const PluginCommand &command) {
        return command.name == name;
    });
}

/// What the plugins say goes to the terminal; the log only when all is lost.
void installQuietLogging(LogConfig config)
{
    config.level = LogLevel::Critical;
    installLogging(config);
}

QString placeOf(const PluginSpec &spec)
{
    return QStringLiteral("%1 (%2)").arg(spec.id(), spec.path());
}

} // namespace

QString pluginCommandsHelp(const CommandLine &line)
{
    Configuration configuration =
        ConfigurationSource(line, QProcessEnvironment::systemEnvironment()).load();
    const HostSettings settings = HostSettings::read(configuration);
    installQuietLogging(settings.log);
    QStringList problems;
    const auto plugins = findPlugins(settings.plugins, line.pluginPaths, problems);
    QMap<QString, QStringList> offers; // by name; more than one: nobody's
    QMap<QString, QString> texts;
    for (const PluginSpec *spec : plugins->specs()) {
        if (!canRun(*spec))
            continue;
        for (const PluginCommand &command : spec->metaData().commands) {
            if (CommandLine::isOwnCommand(command.name))
                continue;
            offers[command.name].append(spec->id());
            texts[command.name] = command.description;
        }
    }
    QString text;
    for (auto it = offers.cbegin(); it != offers.cend(); ++it) {
        const QString ids = it->join(QStringLiteral(", "));
        text += QStringLiteral("  %1 %2\n")
                    .arg(it.key().leftJustified(kNameWidth),
                         it->size() > 1
                             ? QStringLiteral("unusable: several plugins have it: %1").arg(ids)
                             : QStringLiteral("%1 (plugin %2)").arg(texts.value(it.key()), ids));
    }
    return text;
}

PluginCommandRunner::PluginCommandRunner(const CommandLine &line)
    : m_line(line)
    , m_context(m_services, m_clock, m_metrics, NodeId("command." + QByteArray::number(::getpid())))
{ }

PluginCommandRunner::~PluginCommandRunner() = default;

int PluginCommandRunner::run()
{
    Configuration configuration =
        ConfigurationSource(m_line, QProcessEnvironment::systemEnvironment()).load();
    const HostSettings settings = HostSettings::read(configuration);
    installQuietLogging(settings.log);
    QStringList problems;
    m_plugins = findPlugins(settings.plugins, m_line.pluginPaths, problems);
    for (const QString &problem : problems)
        configuration.addError(problem);

    const PluginSpec *found = find(*m_plugins);
    if (!found)
        return ExitCode::Usage;
    if (!m_plugins->loadOnly(found)) {
        printError(QStringLiteral("plugin %1: %2").arg(placeOf(*found), found->reason()));
        return ExitCode::Failure;
    }
    m_plugins->configure(configuration);
    configuration.finish();
    for (const QString &error : configuration.errors())
        printError(error);
    if (!configuration.errors().isEmpty())
        return ExitCode::Configuration;
    if (!found->plugin()) { // configure() threw
        printError(QStringLiteral("plugin %1: %2").arg(placeOf(*found), found->reason()));
        return ExitCode::Failure;
    }
    if (const int code = startRedis(settings.redis); code != ExitCode::Success)
        return code;
    return execute(*m_plugins->order().front());
}

const PluginSpec *PluginCommandRunner::find(const PluginManager &plugins)
{
    const QString &name = m_line.pluginCommand;
    std::vector<const PluginSpec *> usable;
    const PluginSpec *unusable = nullptr;
    for (const PluginSpec *spec : plugins.specs()) {
        if (!hasCommand(*spec, name))
            continue;
        if (canRun(*spec))
            usable.push_back(spec);
        else
            unusable = spec;
    }
    if (usable.size() == 1)
        return usable.front();
    if (usable.size() > 1) {
        QStringList places;
        for (const PluginSpec *spec : usable)
            places.append(placeOf(*spec));
        printError(QStringLiteral("%1: several plugins have this command: %2. plugins.disabled "
                                  "takes one of them out")
                       .arg(name, places.join(QStringLiteral(", "))));
    } else if (unusable) {
        printError(QStringLiteral("%1: a command of %2, which is %3: %4")
                       .arg(name, placeOf(*unusable), pluginStateName(unusable->state()),
                            unusable->reason()));
    } else {
        printError(QStringLiteral("%1: not a command (rollcall help lists them)").arg(name));
    }
    return nullptr;
}

int PluginCommandRunner::startRedis(const RedisConfig &config)
{
    if (config.isEmbedded)
        return ExitCode::Success;
    m_redis = std::make_unique<RedisHub>(config, m_clock, m_metrics, QByteArray("command"));
    if (const auto started = m_redis->start(); !started) {
        printError(started.error().logText);
        return ExitCode::Configuration;
    }
    m_services.publish<RedisService>(m_redis.get());
    return ExitCode::Success;
}

int PluginCommandRunner::execute(PluginSpec &spec)
{
    CommandRun run(m_line.pluginCommand, m_line.pluginArguments, m_context, print, printError);
    run.start(*spec.plugin());
    if (!run.exitCode()) {
        QEventLoop loop;
        QObject::connect(&run, &CommandRun::finished, &loop, &QEventLoop::quit);
        QTimer::singleShot(run.deadline(), &loop, &QEventLoop::quit);
        loop.exec();
    }
    if (!run.exitCode()) {
        printError(QStringLiteral("%1: not finished within %2")
                       .arg(run.name(), durationText(run.deadline())));
        return ExitCode::Unavailable;
    }
    if (m_redis)
        m_redis->stop(); // what was said without waiting for an answer is written
    return *run.exitCode();
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/configurationcommands.h"

#include "host/commandline.h"
#include "host/configurationsource.h"
#include "host/exitcode.h"
#include "host/hostconfig.h"
#include "host/pluginhost.h"
#include "host/pluginlist.h"
#include "host/settingslist.h"
#include "host/terminal.h"

#include <QDir>

#include <algorithm>

namespace Rollcall {

namespace {

/// What these commands say goes to stdout; the log speaks up for `level` only.
void installQuietLogging(LogConfig config, LogLevel level)
{
    config.level = level;
    installLogging(config);
}

int reportErrors(const Configuration &configuration)
{
    for (const QString &error : configuration.errors())
        printError(error);
    return configuration.errors().isEmpty() ? ExitCode::Success : ExitCode::Configuration;
}

/// Everything is read as `serve` would, and nothing started.
Configuration readAll(const ConfigurationSource &source, const CommandLine &line)
{
    Configuration configuration = source.load();
    const HostSettings settings = HostSettings::read(configuration);
    installQuietLogging(settings.log, LogLevel::Warning);
    QStringList problems;
    const auto plugins = findPlugins(settings.plugins, line.pluginPaths, problems);
    for (const QString &problem : problems)
        configuration.addError(problem);
    plugins->load();
    plugins->configure(configuration);
    configuration.finish();
    return configuration;
}

} // namespace

int listPlugins(const CommandLine &line)
{
    Configuration configuration =
        ConfigurationSource(line, QProcessEnvironment::systemEnvironment()).load();
    const HostSettings settings = HostSettings::read(configuration);
    installQuietLogging(settings.log, LogLevel::Critical);
    QStringList problems;
    const auto plugins = findPlugins(settings.plugins, line.pluginPaths, problems);
    for (const QString &problem : problems)
        configuration.addError(problem);
    const auto specs = plugins->specs();
    print(line.format == CommandLine::Format::Json ? pluginListJson(specs) : pluginListText(specs));
    if (const int code = reportErrors(configuration); code != ExitCode::Success)
        return code;
    const auto hasFailed = [](const PluginSpec *spec) {
        return spec->state() == PluginState::Failed;
    };
    return std::ranges::any_of(specs, hasFailed) ? ExitCode::Failure : ExitCode::Success;
}

int checkConfiguration(const CommandLine &line)
{
    const ConfigurationSource source(line, QProcessEnvironment::systemEnvironment());
    const Configuration configuration = readAll(source, line);
    for (const QString &name : source.unknownVariables(configuration))
        printError(QStringLiteral("the environment variable %1 sets nothing").arg(name));
    if (const int code = reportErrors(configuration); code != ExitCode::Success)
        return code;
    const QString file =
        source.filePath().isEmpty() ? QStringLiteral("no file, defaults only") : source.filePath();
    print(QStringLiteral("The configuration is valid (%1, %2 settings).\n")
              .arg(file)
              .arg(configuration.settings().size()));
    return ExitCode::Success;
}

int printConfiguration(const CommandLine &line)
{
    const ConfigurationSource source(line, QProcessEnvironment::systemEnvironment());
    const Configuration configuration = readAll(source, line);
    switch (line.format) {
    case CommandLine::Format::Text:
        print(settingsText(configuration));
        break;
    case CommandLine::Format::Json:
        print(settingsJson(configuration));
        break;
    case CommandLine::Format::Markdown:
        print(settingsMarkdown(configuration));
        break;
    }
    return reportErrors(configuration);
}

} // namespace Rollcall

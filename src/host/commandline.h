// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/result.h"

#include <QStringList>

#include <chrono>

namespace Rollcall {

/// What `rollcall token` shall put into the token.
struct TokenOptions
{
    QString subject;
    QString name;
    QString role;
    QString room;
    QString region;
    QString avatar;
    QString device;
    QStringList groups;
    std::chrono::milliseconds lifetime{std::chrono::hours(1)};
};

/// What the arguments ask for.
struct CommandLine
{
    enum class Command {
        Serve,
        Token,
        Doctor,
        ListPlugins,
        CheckConfig,
        PrintConfig,
        Help,
        Version,
        Plugin ///< a command of a plugin, or of nobody: only the plugins know
    };
    enum class Format { Text, Json, Markdown };

    Command command = Command::Serve;
    QString configFile;
    QStringList assignments; ///< `section.key=value`, later ones win
    QStringList pluginPaths;
    Format format = Format::Text; ///< of what is printed to stdout
    TokenOptions token;
    QString pluginCommand;
    QStringList pluginArguments; ///< what stands behind it, the host's own options taken out

    /// `arguments` begin with the program's name. Error: BadRequest, with a text for the terminal.
    static Result<CommandLine> parse(const QStringList &arguments);
    /// `more`: lines for the commands of plugins.
    static QString helpText(const QString &more = {});
    /// Whether it is one of the host's own commands.
    static bool isOwnCommand(const QString &name);
};

} // namespace Rollcall

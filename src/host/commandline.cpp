// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/commandline.h"

#include "core/base/configuration.h"

#include <QCommandLineParser>

#include <algorithm>
#include <array>

namespace Rollcall {

namespace {

using Command = CommandLine::Command;
using Format = CommandLine::Format;

struct Option
{
    const char *name;
    const char *valueName; ///< null: a switch
    bool isForToken = false;
    bool isForAll = false; ///< also beside the command of a plugin
};
constexpr std::array kOptions{
    Option{"config", "FILE", false, true},
    Option{"set", "section.key=value", false, true},
    Option{"plugin-path", "DIR", false, true},
    Option{"log-format", "text|json", false, true},
    Option{"format", "text|json|markdown"},
    Option{"list-plugins", nullptr},
    Option{"check-config", nullptr},
    Option{"print-config", nullptr},
    Option{"help", nullptr},
    Option{"version", nullptr},
    Option{"sub", "ID", true},
    Option{"name", "TEXT", true},
    Option{"role", "ROLE", true},
    Option{"room", "ID", true},
    Option{"region", "REGION", true},
    Option{"avatar", "ID", true},
    Option{"device", "ID", true},
    Option{"groups", "A,B", true},
    Option{"expires", "1h", true},
    Option{"secret", "SECRET", true},
};

constexpr auto kHelpCommands = R"(usage: rollcall [COMMAND] [OPTIONS]

Commands
  serve             run the host (the default)
  token             print a token: rollcall token --sub alice --role mobile
  doctor            look at everything a host needs, one line per check
  help              this text
)";

constexpr auto kHelpOptions = R"(
Options
  --config FILE     settings (TOML); without it ROLLCALL_CONFIG, then ./rollcall.toml if it is there
  --set SECTION.KEY=VALUE
                    one setting, repeatable; wins over the environment, which wins over the file
  --plugin-path DIR a folder with more plugins, repeatable
  --log-format text|json
  --list-plugins    what is found, what it provides and needs, what would run, and why not
  --check-config    read all settings, say everything that is wrong, and end
  --print-config    all settings: value, source, default
  --format text|json|markdown
                    of --list-plugins (text, json) and --print-config (text, json, markdown)
  --version         the version
  --help            this text

Options of token
  --sub ID          whom it is for (needed)
  --name TEXT  --avatar ID  --role ROLE  --region REGION  --groups A,B  --device ID
  --room ID         opens only this room
  --expires 1h      how long it is valid (default 1h)
  --secret SECRET   instead of auth.secret; at least 32 bytes

Exit codes
  0   all is well
  1   a check failed, or not everything had stopped before host.stopDeadline
      (commands of plugins may end with codes of their own)
  2   the command line is wrong
  69  the port is taken, or a service that is needed cannot be had
  78  settings are wrong

Signals
  TERM, INT         stop in order within host.stopDeadline; a second one: at once
  HUP               read the settings again; what needs a restart is named in the log
)";

Error usage(const QString &text) { return {ErrorCode::BadRequest, text, {}}; }

std::optional<Command> commandFromName(const QString &name)
{
    if (name == QLatin1String("serve"))
        return Command::Serve;
    if (name == QLatin1String("token"))
        return Command::Token;
    if (name == QLatin1String("doctor"))
        return Command::Doctor;
    if (name == QLatin1String("help"))
        return Command::Help;
    return std::nullopt;
}

Result<Format> readFormat(const QString &name, Command command)
{
    if (name.isEmpty() || name == QLatin1String("text"))
        return Format::Text;
    if (name == QLatin1String("json"))
        return Format::Json;
    if (name == QLatin1String("markdown") && command == Command::PrintConfig)
        return Format::Markdown;
    return usage(QStringLiteral("--format %1: not a format that this can be printed in").arg(name));
}

Result<TokenOptions> readToken(const QCommandLineParser &parser)
{
    TokenOptions token;
    token.subject = parser.value(QStringLiteral("sub"));
    if (token.subject.isEmpty())
        return usage(QStringLiteral("token: --sub is needed"));
    token.name = parser.value(QStringLiteral("name"));
    token.role = parser.value(QStringLiteral("role"));
    token.room = parser.value(QStringLiteral("room"));
    token.region = parser.value(QStringLiteral("region"));
    token.avatar = parser.value(QStringLiteral("avatar"));
    token.device = parser.value(QStringLiteral("device"));
    token.groups =
        parser.value(QStringLiteral("groups")).split(QLatin1Char(','), Qt::SkipEmptyParts);
    if (const QString expires = parser.value(QStringLiteral("expires")); !expires.isEmpty()) {
        // Written as in the settings, so read as they are.
        Configuration configuration;
        configuration.set(QStringLiteral("token.expires=") + expires);
        token.lifetime = ConfigurationReader(configuration, QStringLiteral("token"))
                             .duration(QStringLiteral("expires"), {.min = std::chrono::seconds(1)});
        if (!configuration.errors().isEmpty())
            return usage(
                QStringLiteral("--expires %1: expected a duration of at least 1s, as \"15m\" or "
                               "\"1h\"")
                    .arg(expires));
    }
    return token;
}

/// The arguments of a plugin's command cannot be known here: what is not the host's is kept as it
/// stands.
struct SplitLine
{
    QStringList own; ///< with the program's name
    QString command; ///< empty: none
    QStringList rest;
    bool isWrong = false; ///< an option of nobody's before the command
};

SplitLine split(const QStringList &arguments)
{
    SplitLine line{.own = arguments.mid(0, 1), .command = {}, .rest = {}};
    bool isOver = false; // after "--" everything belongs to the command
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        const QString &argument = arguments[i];
        const QString name = argument.mid(2).section(QLatin1Char('='), 0, 0);
        const auto option = std::ranges::find_if(kOptions, [&](const Option &candidate) {
            return argument.startsWith(QLatin1String("--")) && name == QLatin1String(candidate.name)
                && (candidate.isForAll || line.command.isEmpty());
        });
        if (!isOver && option != kOptions.end()) {
            line.own.append(argument);
            if (option->valueName && !argument.contains(QLatin1Char('='))
                && i + 1 < arguments.size())
                line.own.append(arguments[++i]);
        } else if (!isOver && !line.command.isEmpty() && argument == QLatin1String("--")) {
            isOver = true;
        } else if (line.command.isEmpty() && !argument.startsWith(QLatin1Char('-'))) {
            line.command = argument;
        } else {
            line.isWrong = line.isWrong || line.command.isEmpty();
            line.rest.append(argument);
        }
    }
    return line;
}

} // namespace

QString CommandLine::helpText(const QString &more)
{
    return QString::fromLatin1(kHelpCommands) + more + QString::fromLatin1(kHelpOptions);
}

bool CommandLine::isOwnCommand(const QString &name) { return commandFromName(name).has_value(); }

Result<CommandLine> CommandLine::parse(const QStringList &arguments)
{
    QCommandLineParser parser;
    for (const Option &option : kOptions)
        parser.addOption(
            QCommandLineOption(QLatin1String(option.name), {}, QLatin1String(option.valueName)));
    const SplitLine parts = split(arguments);
    const bool isPlugins =
        !parts.isWrong && !parts.command.isEmpty() && !commandFromName(parts.command);
    if (isPlugins && parts.own.contains(QLatin1String("--help")))
        return CommandLine{.command = Command::Help};
    if (!parser.parse(isPlugins ? parts.own : arguments))
        return usage(parser.errorText());

    CommandLine line;
    const QStringList words = parser.positionalArguments();
    const auto command = words.isEmpty() ? Command::Serve : commandFromName(words.first());
    if (!command || words.size() > 1) {
        return usage(QStringLiteral("%1: not a command").arg(words.at(command ? 1 : 0)));
    }
    line.command = *command;
    if (isPlugins) {
        line.command = Command::Plugin;
        line.pluginCommand = parts.command;
        line.pluginArguments = parts.rest;
    } else if (parser.isSet(QStringLiteral("help")))
        line.command = Command::Help;
    else if (parser.isSet(QStringLiteral("version")))
        line.command = Command::Version;
    else if (line.command == Command::Serve && parser.isSet(QStringLiteral("list-plugins")))
        line.command = Command::ListPlugins;
    else if (line.command == Command::Serve && parser.isSet(QStringLiteral("check-config")))
        line.command = Command::CheckConfig;
    else if (line.command == Command::Serve && parser.isSet(QStringLiteral("print-config")))
        line.command = Command::PrintConfig;

    for (const Option &option : kOptions) {
        if (option.isForToken && *command != Command::Token
            && parser.isSet(QLatin1String(option.name)))
            return usage(
                QStringLiteral("--%1 belongs to: rollcall token").arg(QLatin1String(option.name)));
    }

    line.configFile = parser.value(QStringLiteral("config"));
    line.pluginPaths = parser.values(QStringLiteral("plugin-path"));
    line.assignments = parser.values(QStringLiteral("set"));
    if (parser.isSet(QStringLiteral("log-format")))
        line.assignments.append(QStringLiteral("log.format=")
                                + parser.value(QStringLiteral("log-format")));
    if (parser.isSet(QStringLiteral("secret")))
        line.assignments.append(QStringLiteral("auth.secret=")
                                + parser.value(QStringLiteral("secret")));

    const auto format = readFormat(parser.value(QStringLiteral("format")), line.command);
    if (!format)
        return format.error();
    line.format = *format;
    if (line.command == Command::Token) {
        auto token = readToken(parser);
        if (!token)
            return token.error();
        line.token = std::move(token).value();
    }
    return line;
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/epolldispatcher.h"
#include "core/base/version.h"
#include "host/application.h"
#include "host/commandline.h"
#include "host/configurationcommands.h"
#include "host/doctor.h"
#include "host/exitcode.h"
#include "host/plugincommands.h"
#include "host/terminal.h"
#include "host/tokencommand.h"

#include <QCoreApplication>

#include <cstdlib>
#ifdef __GLIBC__
#include <malloc.h>
#endif

using namespace Rollcall;

namespace {

/// Large buffers, as those who read slowly get them, go back to the system when they are freed or
/// grow. glibc would raise this threshold by itself and keep the holes: a third more for each of
/// them.
void returnLargeBuffers()
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
#endif
}

} // namespace

int main(int argc, char **argv)
{
    returnLargeBuffers();
    QCoreApplication::setEventDispatcher(new EpollDispatcher);
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("rollcall"));

    const auto line = CommandLine::parse(QCoreApplication::arguments());
    if (!line) {
        printError(line.error().logText + QStringLiteral(" (rollcall help says more)"));
        return ExitCode::Usage;
    }
    switch (line->command) {
    case CommandLine::Command::Help:
        print(CommandLine::helpText(pluginCommandsHelp(*line)));
        return ExitCode::Success;
    case CommandLine::Command::Version:
        print(QStringLiteral("rollcall %1\n").arg(version()));
        return ExitCode::Success;
    case CommandLine::Command::ListPlugins:
        return listPlugins(*line);
    case CommandLine::Command::CheckConfig:
        return checkConfiguration(*line);
    case CommandLine::Command::PrintConfig:
        return printConfiguration(*line);
    case CommandLine::Command::Token:
        return TokenCommand(*line).run();
    case CommandLine::Command::Doctor:
        return Doctor(*line).run();
    case CommandLine::Command::Plugin:
        return PluginCommandRunner(*line).run();
    case CommandLine::Command::Serve:
        break;
    }
    return Application(*line).run();
}

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/plugin.h"

#include "core/extension/commandrun.h"

namespace Rollcall {

Plugin::Plugin(QObject *parent)
    : QObject(parent)
{ }
Plugin::~Plugin() = default;

void Plugin::configure(Configuration &) { }
void Plugin::extensionsInitialized() { }
void Plugin::applyConfiguration() { }
Plugin::Shutdown Plugin::aboutToShutdown() { return Shutdown::Finished; }

void Plugin::runCommand(CommandRun &run)
{
    run.printError(
        QStringLiteral("the plugin names the command %1 and has no code for it").arg(run.name()));
    run.finish(CommandRun::kFailure);
}

} // namespace Rollcall

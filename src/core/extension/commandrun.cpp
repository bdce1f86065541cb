// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/commandrun.h"

#include "core/extension/contained_p.h"
#include "core/extension/plugin.h"

#include <algorithm>

namespace Rollcall {

CommandRun::CommandRun(QString name, QStringList arguments, PluginContext &context, Writer out,
                       Writer error)
    : m_name(std::move(name))
    , m_arguments(std::move(arguments))
    , m_context(context)
    , m_out(std::move(out))
    , m_error(std::move(error))
{ }

void CommandRun::start(Plugin &plugin)
{
    const QString thrown = contained([&] { plugin.runCommand(*this); });
    if (thrown.isEmpty())
        return;
    printError(QStringLiteral("%1: the plugin %2").arg(m_name, thrown));
    finish(kFailure);
}

void CommandRun::finish(int exitCode)
{
    if (m_exitCode)
        return;
    m_exitCode = std::clamp(exitCode, 0, 255);
    Q_EMIT finished(*m_exitCode);
}

} // namespace Rollcall

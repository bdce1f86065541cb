// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/configurationsource.h"

#include "host/commandline.h"

#include <QFileInfo>

namespace Rollcall {

ConfigurationSource::ConfigurationSource(const CommandLine &commandLine,
                                         const QProcessEnvironment &environment)
    : m_filePath(commandLine.configFile)
    , m_environment(environment)
    , m_assignments(commandLine.assignments)
{
    if (m_filePath.isEmpty())
        m_filePath = environment.value(QStringLiteral("ROLLCALL_CONFIG"));
    const QString here = QStringLiteral("rollcall.toml");
    if (m_filePath.isEmpty() && QFileInfo::exists(here))
        m_filePath = here;
}

Configuration ConfigurationSource::load() const
{
    Configuration configuration;
    if (!m_filePath.isEmpty())
        configuration.loadFile(m_filePath);
    configuration.setEnvironment(m_environment);
    for (const QString &assignment : m_assignments)
        configuration.set(assignment);
    return configuration;
}

QStringList ConfigurationSource::unknownVariables(const Configuration &configuration) const
{
    QStringList known{QStringLiteral("ROLLCALL_CONFIG"), QStringLiteral("ROLLCALL_PLUGIN_DIR")};
    for (const Setting &setting : configuration.settings())
        known += setting.environment;
    QStringList unknown;
    for (const QString &name : m_environment.keys()) {
        if (name.startsWith(QLatin1String("ROLLCALL_")) && !known.contains(name))
            unknown.append(name);
    }
    return unknown;
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/configuration.h"

namespace Rollcall {

struct CommandLine;

/// Where the settings come from; can be asked again, for a reload.
class ConfigurationSource
{
public:
    ConfigurationSource(const CommandLine &commandLine, const QProcessEnvironment &environment);

    /// Nothing has read its keys yet.
    Configuration load() const;
    /// Empty: there is none.
    const QString &filePath() const { return m_filePath; }
    /// Variables that look like settings but set none of those that were read.
    QStringList unknownVariables(const Configuration &configuration) const;

private:
    QString m_filePath;
    QProcessEnvironment m_environment;
    QStringList m_assignments;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QMap>
#include <QString>

namespace Rollcall {

class Configuration;

enum class LogFormat { Text, Json };
enum class LogLevel { Debug, Info, Warning, Critical };

/// The `log` section.
struct ROLLCALL_BASE_EXPORT LogConfig
{
    LogFormat format = LogFormat::Text;
    LogLevel level = LogLevel::Info;
    /// Category to level; "rollcall.core.*" for all below. The longest that fits decides.
    QMap<QString, LogLevel> rules;

    static LogConfig read(Configuration &configuration);
    /// What is logged of a category. Categories that end in ".traffic" are off unless a rule names
    /// them with that word.
    LogLevel levelOf(const QString &category) const;
};

/// Sends everything that is logged through Qt to `descriptor`, from now until the process ends: one
/// line each, with time, level and category. Control characters are escaped, so that nobody writes
/// lines of their own.
///
/// A line that cannot be written at once (a pipe nobody reads) is dropped and counted; the next one
/// that can says how many there were.
ROLLCALL_BASE_EXPORT void installLogging(const LogConfig &config, int descriptor = 2);
/// Changes levels and format.
ROLLCALL_BASE_EXPORT void applyLogging(const LogConfig &config);

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <QVersionNumber>

#include <vector>

namespace Rollcall {

/// What a plugin needs of another, by the name of a service or the id of a plugin.
struct PluginDependency
{
    enum class Type { Required, Optional };

    QString name;
    QVersionNumber version; ///< the lowest that will do; null: any
    Type type = Type::Required;
};

/// A command that a plugin adds to `rollcall`: `rollcall <name> ...` calls its
/// Plugin::runCommand().
struct PluginCommand
{
    QString name; ///< "presence": lower case, digits, hyphens
    QString description; ///< one line of `rollcall help`
};

/// What a plugin says about itself in its JSON metadata, readable without loading its code.
///
/// rollcall_add_plugin() writes the JSON. Members: Id, Name, Version, Description (all required),
/// CompatVersion (default: Version), Provides, ConfigurationSections, Dependencies [{Name, Version,
/// Type}], Commands [{Name, Description}]. Members that begin with "X-" are the plugin's own; any
/// other is an error.
struct ROLLCALL_CORE_EXPORT PluginMetaData
{
    QString id; ///< "presence": lower case, digits, hyphens
    QString name;
    QString description;
    QVersionNumber version;
    QVersionNumber
        compatVersion; ///< the oldest version that users of this one may have been written for
    QStringList provides; ///< services it publishes in initialize()
    QStringList configurationSections;
    std::vector<PluginDependency> dependencies;
    std::vector<PluginCommand> commands;

    /// Error: Configuration, its log text lists every problem, separated by "; ".
    static Result<PluginMetaData> fromJson(const QJsonObject &json);

    /// Whether somebody who asked for `needed` or later can use this version: compatVersion <=
    /// needed <= version.
    bool satisfies(const QVersionNumber &needed) const;
};

} // namespace Rollcall

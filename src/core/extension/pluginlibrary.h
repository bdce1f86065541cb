// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace Rollcall {

class Plugin;

/// A plugin's code, brought into the process.
struct PluginLibrary
{
    Plugin *plugin = nullptr; ///< null: failed
    QString error;
    bool isInProcess = false; ///< also when it failed: libraries are never unloaded
};

PluginLibrary loadPluginLibrary(const QString &path);

} // namespace Rollcall

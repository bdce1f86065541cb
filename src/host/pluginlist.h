// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/extension/pluginspec.h"

namespace Rollcall {

/// Plugins for people: what each is, provides and needs, its state and why.
QString pluginListText(const std::vector<const PluginSpec *> &specs);
/// The same as a JSON array.
QString pluginListJson(const std::vector<const PluginSpec *> &specs);

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/plugin.h"

namespace Rollcall {

Plugin::Plugin(QObject *parent)
    : QObject(parent)
{ }
Plugin::~Plugin() = default;

void Plugin::configure(Configuration &) { }
void Plugin::extensionsInitialized() { }
void Plugin::applyConfiguration() { }
Plugin::Shutdown Plugin::aboutToShutdown() { return Shutdown::Finished; }

} // namespace Rollcall

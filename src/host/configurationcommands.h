// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace Rollcall {

struct CommandLine;

/// The commands that only look at settings and plugins. Each returns the exit code.
int listPlugins(const CommandLine &line);
int checkConfiguration(const CommandLine &line);
int printConfiguration(const CommandLine &line);

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace Rollcall {

class Configuration;

/// Every setting with its value and where that came from; secrets masked.
QString settingsText(const Configuration &configuration);
QString settingsJson(const Configuration &configuration);
/// For docs/configuration.md: one table per section with type, default, environment names and what
/// SIGHUP does. Does not depend on the values.
QString settingsMarkdown(const Configuration &configuration);

} // namespace Rollcall

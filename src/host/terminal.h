// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace Rollcall {

/// To stdout, at once.
void print(const QString &text);
/// One line to stderr: "rollcall: ...".
void printError(const QString &text);

} // namespace Rollcall

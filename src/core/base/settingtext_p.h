// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <chrono>
#include <optional>

namespace Rollcall {

// Settings as texts: from files, the environment and the command line. Nothing is thrown or logged.

/// "250ms", "15s", "6h"; a bare number counts in `unit` (0: only 0 may be bare).
std::optional<std::chrono::milliseconds> parseDuration(const QString &text,
                                                       std::chrono::milliseconds unit);
/// "64MiB", "512B" or a bare number of bytes.
std::optional<qint64> parseBytes(const QString &text);
/// true / false, 1 / 0, yes / no, on / off.
std::optional<bool> parseBoolean(const QString &text);

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <span>

namespace Rollcall {

/// Appends the command as RESP to `output`. False (and nothing appended): it has no arguments, or
/// there is no memory for it.
bool appendRedisCommand(QByteArray &output, std::span<const QByteArrayView> arguments);

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"

#include <QString>

namespace Rollcall {

/// Whether the file is a whole ELF shared library for this machine: everything its headers point to
/// is inside the file. A library cut off while it was copied would end the process with SIGBUS when
/// it is loaded.
ROLLCALL_CORE_EXPORT Result<void> checkElfFile(const QString &path);

} // namespace Rollcall

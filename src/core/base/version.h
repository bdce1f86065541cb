// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QLatin1String>

namespace Rollcall {

/// The version of the running libraries, "MAJOR.MINOR.PATCH".
ROLLCALL_BASE_EXPORT QLatin1String version();

} // namespace Rollcall

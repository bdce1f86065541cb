// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/version.h"

namespace Rollcall {

QLatin1String version() { return QLatin1String(ROLLCALL_VERSION); }

} // namespace Rollcall

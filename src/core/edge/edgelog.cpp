// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/edgelog.h"

namespace Rollcall {

Q_LOGGING_CATEGORY(lcEdge, "rollcall.core.edge", QtInfoMsg)

} // namespace Rollcall

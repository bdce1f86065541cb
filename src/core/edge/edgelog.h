// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QLoggingCategory>

namespace Rollcall {

Q_DECLARE_LOGGING_CATEGORY(lcEdge)

} // namespace Rollcall

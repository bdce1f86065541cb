// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QByteArray>

namespace Rollcall {

/// 32 bytes from the system's generator, as 43 characters of base64url.
ROLLCALL_CORE_EXPORT QByteArray randomSecret();
/// `bytes` bytes from the system's generator, as base64url: for ids that nobody may guess. At most
/// 2,048.
ROLLCALL_CORE_EXPORT QByteArray randomId(int bytes = 12);

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redislogging_p.h"

namespace Rollcall {

Q_LOGGING_CATEGORY(lcRedis, "rollcall.core.redis", QtInfoMsg)

} // namespace Rollcall

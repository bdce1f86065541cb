// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/configuration.h"
#include "core/redis/redisoptions.h"

namespace Rollcall {

/// The `redis` section. All of it needs a restart.
struct ROLLCALL_CORE_EXPORT RedisConfig
{
    /// No Redis was named: the host starts its own.
    bool isEmbedded = true;
    RedisOptions options; ///< of the embedded one: all but the address
    QByteArray prefix;
    std::chrono::milliseconds requestDeadline{250};
    std::chrono::milliseconds loopbackAfter{30000};
    std::chrono::milliseconds loopbackDeadline{2000};
    QString serverBinary = QStringLiteral("redis-server");

    static RedisConfig read(Configuration &configuration);
};

} // namespace Rollcall

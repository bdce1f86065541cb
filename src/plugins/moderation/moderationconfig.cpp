// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/moderation/moderationconfig.h"

namespace Rollcall::Moderation {

ModerationConfig ModerationConfig::read(Configuration &configuration)
{
    ModerationConfig config;
    ConfigurationReader reader(configuration, QStringLiteral("moderation"));
    config.maxBlocked =
        int(reader.integer(QStringLiteral("maxBlocked"),
                           {.fallback = 1'000,
                            .min = 1,
                            .max = 100'000,
                            .onReload = OnReload::Applied,
                            .help = QStringLiteral("How many others a user may block")}));
    config.blockRate.perSecond = reader.number(
        QStringLiteral("blocksPerSecondPerAddress"),
        {.fallback = config.blockRate.perSecond,
         .max = 1'000'000,
         .onReload = OnReload::Applied,
         .help = QStringLiteral(
             "POST /moderation/block of one address (IPv6: one /64; behind a trusted proxy the "
             "forwarded one); more get 429. 0: no limit")});
    config.blockRate.burst =
        int(reader.integer(QStringLiteral("blockBurstPerAddress"),
                           {.fallback = config.blockRate.burst,
                            .min = 1,
                            .max = 1'000'000,
                            .onReload = OnReload::Applied,
                            .help = QStringLiteral("How many of them may come at once")}));
    return config;
}

} // namespace Rollcall::Moderation

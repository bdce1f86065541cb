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
    return config;
}

} // namespace Rollcall::Moderation

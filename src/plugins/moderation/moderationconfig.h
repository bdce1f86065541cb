// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/configuration.h"
#include "core/services/httpservice.h"

namespace Rollcall::Moderation {

/// The section `moderation`.
struct ModerationConfig
{
    int maxBlocked = 1'000;
    HttpRate blockRate{20, 1'000}; ///< of POST /moderation/block, of each address

    static ModerationConfig read(Configuration &configuration);
};

} // namespace Rollcall::Moderation

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/configuration.h"

namespace Rollcall::Moderation {

/// The section `moderation`.
struct ModerationConfig
{
    int maxBlocked = 1'000;

    static ModerationConfig read(Configuration &configuration);
};

} // namespace Rollcall::Moderation

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/originpolicy.h"
#include "core/edge/proxypolicy.h"

namespace Rollcall {

/// What the parts of an edge go by; replaced as a whole when the configuration changes.
struct EdgePolicies
{
    ProxyPolicy proxies;
    OriginPolicy origins;
    QByteArray ownAuthority; ///< where this edge listens, for clients that name no host (HTTP/1.0)
};

} // namespace Rollcall

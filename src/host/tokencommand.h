// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/metrics.h"
#include "host/commandline.h"
#include "host/hostconfig.h"

#include <memory>

namespace Rollcall {

class JwtTokenService;
class RedisHub;

/// `rollcall token`: prints a token that hosts with these settings accept.
///
/// Without `auth.secret` the secret is the one that the hosts of the configured Redis share.
class TokenCommand
{
public:
    explicit TokenCommand(const CommandLine &line);
    ~TokenCommand();

    /// Returns the exit code.
    int run();

private:
    int fetchSharedSecret(const HostSettings &settings);
    int printToken();

    CommandLine m_line;
    SystemClock m_clock;
    Metrics m_metrics;
    std::unique_ptr<RedisHub> m_redis;
    std::unique_ptr<JwtTokenService> m_tokens;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/metrics.h"
#include "core/extension/plugincontext.h"
#include "host/hostconfig.h"

#include <memory>

namespace Rollcall {

class Edge;
class JwtTokenService;
class RedisHub;

/// What the host itself provides: built in the order in which one needs the other, destroyed in the
/// reverse.
class NodeServices
{
public:
    explicit NodeServices(const HostSettings &settings);
    ~NodeServices();

    /// Starts Redis and tokens, and publishes. Nothing is listening yet.
    Result<void> start();
    /// Takes over what can change while running. Returns what could not.
    QStringList applyConfiguration(const HostSettings &settings);
    void stop();

    Clock &clock() { return m_clock; }
    PluginContext &context() { return m_context; }
    Edge &edge() { return *m_edge; }
    JwtTokenService &tokens() { return *m_tokens; }
    RedisHub &redis() { return *m_redis; }

private:
    SystemClock m_clock;
    Metrics m_metrics;
    ServiceRegistry m_registry;
    PluginContext m_context;
    std::unique_ptr<RedisHub> m_redis;
    std::unique_ptr<JwtTokenService> m_tokens;
    std::unique_ptr<Edge> m_edge;
};

} // namespace Rollcall

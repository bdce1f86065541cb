// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/nodeservices.h"

#include "core/auth/jwttokenservice.h"
#include "core/edge/edge.h"
#include "core/redis/redishub.h"
#include "core/services/httpservice.h"
#include "core/services/redisservice.h"
#include "core/services/upgradeservice.h"

#include <QRandomGenerator>

namespace Rollcall {

namespace {

/// Later runs sort behind earlier ones; the random part tells apart two of the same millisecond.
NodeId newNodeId(const QByteArray &nodeId, const Clock &clock)
{
    const quint32 random = QRandomGenerator::system()->bounded(0x10000U);
    return NodeId(nodeId + '.' + QByteArray::number(clock.wallMs(), 16)
                  + QByteArray::number(random, 16).rightJustified(4, '0'));
}

} // namespace

NodeServices::NodeServices(const HostSettings &settings)
    : m_context(m_registry, m_clock, m_metrics, newNodeId(settings.host.nodeId, m_clock))
    , m_redis(std::make_unique<RedisHub>(settings.redis, m_clock, m_metrics, settings.host.nodeId,
                                         nullptr))
    , m_tokens(std::make_unique<JwtTokenService>(settings.auth, m_clock, m_redis.get()))
    , m_edge(std::make_unique<Edge>(settings.edge, m_clock, m_metrics, *m_tokens))
{ }

NodeServices::~NodeServices() = default;

Result<void> NodeServices::start()
{
    if (auto started = m_redis->start(); !started)
        return started;
    if (auto started = m_tokens->start(); !started)
        return started;
    m_registry.publish<RedisService>(m_redis.get());
    m_registry.publish<TokenService>(m_tokens.get());
    m_registry.publish<HttpService>(m_edge->http());
    m_registry.publish<UpgradeService>(m_edge->upgrades());
    return {};
}

QStringList NodeServices::applyConfiguration(const HostSettings &settings)
{
    QStringList problems;
    if (const auto applied = m_tokens->applyConfiguration(settings.auth); !applied)
        problems.append(applied.error().logText);
    if (const auto applied = m_edge->applyConfiguration(settings.edge); !applied)
        problems.append(applied.error().logText);
    return problems;
}

void NodeServices::stop()
{
    m_edge->stopAccepting();
    m_redis->stop();
}

} // namespace Rollcall

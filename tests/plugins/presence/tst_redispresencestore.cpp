// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redishub.h"
#include "plugins/presence/redispresencestore.h"
#include "presencestorecontract.h"
#include "support/testredis.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Presence;

namespace {

/// A node's connections to Redis, and what its store needs beside them.
class Host final : public QObject
{
public:
    Host(TestRedis &redis, Clock &clock, const NodeId &node)
        : hub(configFor(redis), clock, metrics, node.value())
        , presenceMetrics(metrics)
    {
        if (!hub.start())
            qFatal("the hub does not start");
    }

    Metrics metrics;
    RedisHub hub;
    PresenceMetrics presenceMetrics;

private:
    static RedisConfig configFor(TestRedis &redis)
    {
        RedisConfig config;
        config.isEmbedded = false;
        config.options = redis.options();
        return config;
    }
};

} // namespace

class tst_RedisPresenceStore : public PresenceStoreContract
{
    Q_OBJECT
private:
    std::unique_ptr<Node> makeNode(const QByteArray &id) override
    {
        auto node = std::make_unique<Node>(NodeId(id), m_clock);
        auto host = std::make_unique<Host>(*m_redis, m_clock, node->id);
        node->store = std::make_unique<RedisPresenceStore>(host->hub, m_config, m_clock,
                                                           host->presenceMetrics, node->id);
        node->host = std::move(host);
        listen(*node);
        node->store->start(node->held);
        [&] { QTRY_VERIFY_WITH_TIMEOUT(node->store->isReachable(), 5000); }();
        return node;
    }

    SystemClock m_clock;
    PresenceConfig m_config;
    std::unique_ptr<TestRedis> m_redis;

private Q_SLOTS:
    void initTestCase() { m_redis = std::make_unique<TestRedis>(); }
    void init()
    {
        m_config = {};
        m_redis->command({"FLUSHALL"});
    }
};

QTEST_GUILESS_MAIN(tst_RedisPresenceStore)
#include "tst_redispresencestore.moc"

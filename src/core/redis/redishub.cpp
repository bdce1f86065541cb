// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redishub.h"

#include "core/redis/embeddedredis.h"
#include "core/redis/redisclient.h"
#include "core/redis/redisinspection_p.h"
#include "core/redis/redislogging_p.h"
#include "core/redis/redisloopback_p.h"
#include "core/redis/redismetrics_p.h"
#include "core/redis/redissubscriber.h"

namespace Rollcall {

using namespace std::chrono_literals;

namespace {

constexpr auto kInspectAgain = 500ms;

} // namespace

RedisHub::RedisHub(const RedisConfig &config, Clock &clock, Metrics &metrics, QByteArray nodeName,
                   QObject *parent)
    : RedisService(parent)
    , m_config(config)
    , m_clock(clock)
    , m_metrics(metrics)
    , m_nodeName(std::move(nodeName))
    , m_inspectTimer(clock.createTimer([this] { inspect(); }))
{ }

RedisHub::~RedisHub() = default;

Result<void> RedisHub::start()
{
    Q_ASSERT(!m_client);
    m_isStopped = false;
    if (m_config.isEmbedded) {
        if (const auto started = startEmbedded(); !started) {
            qCWarning(lcRedis).noquote()
                << QStringLiteral("redis: no embedded Redis: %1. Running in memory: this node "
                                  "alone, and presence is "
                                  "gone when it ends")
                       .arg(started.error().logText);
            return {};
        }
    } else if (m_config.options.socket == RedisOptions::Socket::Unix) {
        if (const auto fits = RedisOptions::checkUnixPath(m_config.options.host); !fits)
            return fits;
    }
    connectBoth();
    return {};
}

Result<void> RedisHub::startEmbedded()
{
    auto embedded = std::make_unique<EmbeddedRedis>(m_config.serverBinary, m_clock);
    if (const auto started = embedded->start(); !started)
        return started;
    m_config.options.socket = RedisOptions::Socket::Unix;
    m_config.options.host = embedded->socketPath();
    m_embedded = std::move(embedded);
    return {};
}

void RedisHub::connectBoth()
{
    RedisOptions options = m_config.options;
    options.clientName = "rollcall:" + m_nodeName;
    m_client = std::make_unique<RedisClient>(options, m_clock);
    options.clientName += ":subscriptions";
    m_subscriber = std::make_unique<RedisSubscriber>(options, m_clock);
    m_inspection = std::make_unique<RedisInspection>(*m_client, m_clock, key("rollcall:schema"));
    m_loopback = std::make_unique<RedisLoopback>(*m_client, *m_subscriber, m_clock,
                                                 key("rollcall:loopback:" + m_nodeName),
                                                 m_config.loopbackAfter, m_config.loopbackDeadline);
    m_redisMetrics = std::make_unique<RedisMetrics>(*this, m_metrics);

    connect(m_client.get(), &RedisClient::up, this, &RedisHub::handleConnectionUp);
    connect(m_client.get(), &RedisClient::down, this, &RedisHub::handleConnectionDown);
    connect(m_subscriber.get(), &RedisSubscriber::up, this, &RedisHub::handleConnectionUp);
    connect(m_subscriber.get(), &RedisSubscriber::down, this, &RedisHub::handleConnectionDown);
    m_client->start();
    m_subscriber->start();
}

void RedisHub::stop()
{
    const bool wasUp = std::exchange(m_isUp, false);
    m_isStopped = true;
    m_inspectTimer->stop();
    if (m_client) {
        m_loopback->stop();
        m_client->stop();
        m_subscriber->stop();
    }
    if (m_embedded)
        m_embedded->stop();
    if (wasUp)
        Q_EMIT down(downReason());
}

void RedisHub::handleConnectionUp() { inspect(); }

void RedisHub::inspect()
{
    if (m_isUp || m_isStopped || !m_client->isUp() || !m_subscriber->isUp())
        return;
    m_inspection->begin([this](const RedisInspection::Findings &findings) {
        if (!m_client->isUp() || !m_subscriber->isUp())
            return; // the next connect inspects again
        if (!findings.isComplete) {
            m_inspectTimer->startOnce(kInspectAgain);
            return;
        }
        if (!findings.fatalReason.isEmpty()) {
            giveUp(findings.fatalReason);
            return;
        }
        if (m_warning != findings.warning) {
            m_warning = findings.warning;
            if (!m_warning.isEmpty())
                qCWarning(lcRedis).noquote() << "redis:" << m_warning;
        }
        m_clockOffsetMs = findings.clockOffsetMs;
        m_isUp = true;
        m_loopback->start();
        qCInfo(lcRedis).noquote() << "redis: connected to" << displayName();
        Q_EMIT up();
    });
}

void RedisHub::giveUp(const QString &reason)
{
    m_fatalReason = reason;
    qCCritical(lcRedis).noquote() << "redis:" << reason;
    stop();
    Q_EMIT fatal(reason);
}

void RedisHub::handleConnectionDown(const QString &reason)
{
    m_loopback->stop();
    m_inspectTimer->stop();
    if (std::exchange(m_isUp, false))
        Q_EMIT down(reason);
}

bool RedisHub::isConfigured() const { return m_client != nullptr; }

bool RedisHub::isUp() const { return m_isUp && m_client->isUp(); }

QString RedisHub::downReason() const
{
    if (isUp())
        return {};
    if (!m_fatalReason.isEmpty())
        return m_fatalReason;
    if (!m_client)
        return QStringLiteral("no Redis: running in memory");
    if (!m_client->isUp())
        return m_client->downReason();
    if (!m_subscriber->isUp())
        return m_subscriber->downReason();
    return QStringLiteral("checking the server");
}

QByteArray RedisHub::key(QByteArrayView name) const { return m_config.prefix + name.toByteArray(); }

QString RedisHub::embeddedSocketPath() const
{
    return m_embedded ? m_embedded->socketPath() : QString();
}

quint64 RedisHub::embeddedRestarts() const { return m_embedded ? m_embedded->restarts() : 0; }

QString RedisHub::displayName() const { return m_config.options.displayName(); }

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/sharedsecret.h"

#include "core/auth/randomsecret.h"
#include "core/redis/redisclient.h"
#include "core/services/redisservice.h"

#include <QLoggingCategory>

using namespace std::chrono_literals;

namespace Rollcall {

namespace {

Q_LOGGING_CATEGORY(logSecret, "rollcall.core.auth", QtInfoMsg)

constexpr qsizetype kMinSecretBytes = 32;

} // namespace

SharedSecret::SharedSecret(RedisService *redis, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_redis(redis)
    , m_retry(clock.createTimer([this] { exchange(); }))
    , m_secret(randomSecret())
{ }

SharedSecret::~SharedSecret() = default;

void SharedSecret::start()
{
    if (!m_redis || !m_redis->isConfigured()) {
        Q_EMIT obtained(m_secret);
        return;
    }
    // At every connect: a Redis that lost its data gets back the secret that tokens are signed
    // with.
    connect(m_redis, &RedisService::up, this, &SharedSecret::exchange);
    exchange();
}

void SharedSecret::exchange()
{
    if (!m_redis->isUp())
        return;
    const QByteArray key = m_redis->key("rollcall:secret");
    m_redis->client()->send({"SET", key, m_secret, "NX"});
    m_redis->client()->command({"GET", key}, this, [this, key](const RedisReply &reply) {
        if (reply.type != RedisReply::Type::Text || reply.text.size() < kMinSecretBytes) {
            if (m_redis->isUp())
                qCWarning(logSecret, "no secret in %s: %s", key.constData(),
                          reply.isOk() ? "it is not a text of 32 bytes" : reply.text.constData());
            m_retry->startOnce(2s);
            return;
        }
        if (m_isShared && reply.text == m_secret)
            return;
        if (m_isShared)
            qCWarning(logSecret, "%s has changed: tokens signed before are not valid any more",
                      key.constData());
        m_isShared = true;
        m_secret = reply.text;
        Q_EMIT obtained(m_secret);
    });
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/startgate.h"

#include "core/base/clock.h"
#include "core/services/redisservice.h"
#include "core/services/tokenservice.h"

#include <utility>

namespace Rollcall {

StartGate::StartGate(Clock &clock, RedisService &redis, TokenService &tokens,
                     PresenceService *presence, std::chrono::milliseconds patience,
                     std::function<void()> open)
    : m_redis(redis)
    , m_tokens(tokens)
    , m_presence(presence)
    , m_open(std::move(open))
    , m_patience(clock.createTimer([this] { this->open(); }))
{
    // Queued: whoever else hears of it first does what it has to.
    connect(&redis, &RedisService::up, this, &StartGate::look, Qt::QueuedConnection);
    connect(&tokens, &TokenService::ready, this, &StartGate::look, Qt::QueuedConnection);
    if (presence)
        connect(presence, &PresenceService::freshnessChanged, this, &StartGate::look,
                Qt::QueuedConnection);
    m_patience->startOnce(patience);
    look();
}

StartGate::~StartGate() = default;

void StartGate::look()
{
    const bool hasRedis = m_redis.isUp() || !m_redis.isConfigured();
    if (hasRedis && m_tokens.isReady() && (!m_presence || m_presence->isFresh()))
        open();
}

void StartGate::open()
{
    m_patience->stop();
    if (const auto open = std::exchange(m_open, {}))
        open();
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/sharedsecret.h"

#include "core/auth/randomsecret.h"

namespace Rollcall {

SharedSecret::SharedSecret(RedisService *redis, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_redis(redis)
    , m_retry(clock.createTimer([this] { exchange(); }))
    , m_secret(randomSecret())
{
}

SharedSecret::~SharedSecret() = default;

void SharedSecret::start() { Q_EMIT obtained(m_secret); }

void SharedSecret::exchange() {}

} // namespace Rollcall

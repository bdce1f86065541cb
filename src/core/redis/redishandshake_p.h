// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/redisbatch.h"
#include "core/redis/redisreply.h"

#include <QString>

#include <deque>

namespace Rollcall {

struct RedisOptions;

/// What is said first on a fresh connection: AUTH, SELECT, CLIENT SETNAME, and the PING whose
/// answer means "up".
class RedisHandshake
{
public:
    RedisBatch begin(const RedisOptions &options);

    enum class State { Going, Done, Failed };
    /// Takes the next answer.
    State take(const RedisReply &reply);

    /// Why it failed, and whether it will fail again until somebody changes a setting.
    const QString &failure() const { return m_failure; }
    bool isRefused() const { return m_isRefused; }

private:
    enum class Step { Authenticate, Select, SetName, Ping };

    std::deque<Step> m_unanswered;
    QString m_failure;
    bool m_isRefused = false;
};

/// NOAUTH, WRONGPASS: asking again soon is of no use.
bool isRedisRefusal(QByteArrayView errorCode);

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/storecontext.h"

#include "core/redis/redisclient.h"

namespace Rollcall::Presence {

Q_LOGGING_CATEGORY(lcPresence, "rollcall.plugin.presence", QtInfoMsg)

namespace {

using namespace std::chrono_literals;

constexpr auto kShortestLife = 500ms;
constexpr auto kSlowAnswer = 250ms;
constexpr qsizetype kLoggedKinds = 100;

} // namespace

void StoreContext::setRedisTime(qint64 nowMs, Clock::SteadyTime sentAt)
{
    const Clock::SteadyTime answeredAt = clock.now();
    // The slower the answer, the less it says; this process may have stood still meanwhile.
    if (std::exchange(m_hasRedisTime, true) && answeredAt - sentAt > kSlowAnswer)
        return;
    const auto middle = sentAt + (answeredAt - sentAt) / 2;
    m_redisOffset = std::chrono::milliseconds(nowMs)
        - std::chrono::floor<std::chrono::milliseconds>(middle.time_since_epoch());
}

qint64 StoreContext::redisTimeMs(Clock::SteadyTime deadline) const
{
    return inRedisTime(std::max(deadline, clock.now() + kShortestLife));
}

qint64 StoreContext::inRedisTime(Clock::SteadyTime time) const
{
    return (std::chrono::ceil<std::chrono::milliseconds>(time.time_since_epoch()) + m_redisOffset)
        .count();
}

qint64 StoreContext::fullMetaLife(const UserId &user)
{
    return user.value().startsWith("anon:") ? 0 : qint64(kMetaLife.count());
}

bool StoreContext::check(const RedisReply &reply, const char *what)
{
    if (reply.isOk())
        return true;
    if (reply.type != RedisReply::Type::Error)
        return false; // lost with the connection; the hub says so
    metrics.storeErrors.Increment();
    // WRONGTYPE names a key: each is said once. Others repeat with every command.
    const QByteArray kind = reply.errorCode() == "WRONGTYPE" ? reply.text : reply.errorCode();
    if (!m_logged.contains(kind) && m_logged.size() < kLoggedKinds) {
        m_logged.append(kind);
        qCWarning(lcPresence).noquote()
            << "presence:" << what << "was refused by Redis:" << reply.text;
    }
    return false;
}

} // namespace Rollcall::Presence

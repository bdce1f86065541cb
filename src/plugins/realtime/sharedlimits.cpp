// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/sharedlimits.h"

#include "core/redis/redisclient.h"
#include "core/redis/rediskeys.h"
#include "core/services/redisservice.h"

#include <algorithm>
#include <utility>

namespace Rollcall::Realtime {

using namespace std::chrono_literals;

namespace {

constexpr auto kFlushInterval = 250ms;
constexpr auto kWindow = 1s;
constexpr QByteArrayView kWindowMs = "1000";
constexpr size_t kFewEntries = 1024;

} // namespace

SharedLimits::SharedLimits(Clock &clock, const RealtimeConfig &config, RedisService *redis,
                           QObject &context, Exceeded exceeded)
    : m_clock(clock)
    , m_config(config)
    , m_redis(redis && redis->isConfigured() ? redis : nullptr)
    , m_context(context)
    , m_exceeded(std::move(exceeded))
    , m_timer(clock.createTimer([this] { flush(); }))
{ }

bool SharedLimits::isOn() const { return m_redis && m_config.sharesLimits && m_redis->isUp(); }

void SharedLimits::count(const UserId &user, RateKind kind, DeviceType device)
{
    const RateLimit &limit = m_config.rates.of(kind, device);
    if (limit.perSecond <= 0 || user.isNull() || !isOn())
        return;
    Windows &windows = m_windows[size_t(kind)];
    forgetOld(windows, size_t(kind));
    Window &window = windows[user];
    const auto now = m_clock.now();
    if (now - window.begin >= kWindow)
        window = {.begin = now};
    window.perSecond = limit.perSecond;
    window.total = std::max(limit.perSecond, double(limit.burst))
        + limit.perSecond * std::chrono::duration<double>(kFlushInterval).count();
    ++window.messages;
    ++window.unsent;
    // Two nodes with half of a limit each are within it.
    if (window.messages * 2 <= limit.perSecond || std::exchange(window.isDue, true))
        return;
    m_due.emplace_back(kind, user);
    if (!m_timer->isActive())
        m_timer->startOnce(kFlushInterval);
}

void SharedLimits::forgetOld(Windows &windows, size_t kind)
{
    if (windows.size() < std::max(kFewEntries, m_forgetAt[kind]))
        return;
    std::erase_if(windows, [now = m_clock.now()](const auto &entry) {
        return !entry.second.isDue && now - entry.second.begin >= kWindow;
    });
    m_forgetAt[kind] = 2 * windows.size();
}

void SharedLimits::flush()
{
    for (const auto &[kind, user] : std::exchange(m_due, {})) {
        const auto window = m_windows[size_t(kind)].find(user);
        if (window == m_windows[size_t(kind)].end())
            continue;
        window->second.isDue = false;
        if (window->second.unsent > 0 && isOn())
            send(user, kind, window->second);
    }
}

void SharedLimits::send(const UserId &user, RateKind kind, Window &window)
{
    const QByteArray key =
        m_redis->key("rl:" + rateKindName(kind).toByteArray() + ':' + encodeKeyPart(user.value()));
    RedisClient &client = *m_redis->client();
    client.send({"SET", key, "0", "PX", kWindowMs, "NX"});
    const QByteArray count = QByteArray::number(std::exchange(window.unsent, 0));
    // The answers come in this order.
    auto isAbove = std::make_shared<bool>(false);
    client.command({"INCRBY", key, count}, &m_context,
                   [isAbove, most = window.total](const RedisReply &reply) {
                       *isAbove =
                           reply.type == RedisReply::Type::Integer && double(reply.integer) > most;
                   });
    client.command({"PTTL", key}, &m_context, [this, isAbove, user, kind](const RedisReply &reply) {
        if (*isAbove && reply.type == RedisReply::Type::Integer && reply.integer > 0)
            m_exceeded(user, kind, std::chrono::milliseconds(reply.integer));
    });
}

} // namespace Rollcall::Realtime

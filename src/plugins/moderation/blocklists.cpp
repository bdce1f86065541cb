// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/moderation/blocklists.h"

#include "core/redis/redisclient.h"
#include "core/redis/rediskeys.h"
#include "core/services/redisservice.h"

#include <utility>

namespace Rollcall::Moderation {

Blocklists::Blocklists(RedisService *redis, QObject *parent)
    : QObject(parent)
    , m_redis(redis && redis->isConfigured() ? redis : nullptr)
{ }

Blocklists::~Blocklists() = default;

QByteArray Blocklists::key(const UserId &user) const
{
    return m_redis->key("blocks:" + encodeKeyPart(user.value()));
}

QSet<UserId> Blocklists::of(const UserId &user) const
{
    const auto entry = m_entries.find(user);
    return entry == m_entries.end() ? QSet<UserId>() : entry->second.blocked;
}

void Blocklists::watch(const UserId &user, QObject *context, std::function<void()> done)
{
    Entry &entry = m_entries[user];
    ++entry.watchers;
    if (entry.isLoaded || !m_redis || !m_redis->isUp()) {
        done();
        return;
    }
    entry.waiters.push_back({context, std::move(done)});
    if (entry.loading == 0)
        load(user, entry);
}

void Blocklists::unwatch(const UserId &user)
{
    const auto entry = m_entries.find(user);
    if (entry == m_entries.end() || --entry->second.watchers > 0)
        return;
    if (m_redis || entry->second.blocked.isEmpty())
        m_entries.erase(entry);
}

void Blocklists::apply(const UserId &user, const UserId &blocked, bool isBlocked)
{
    const auto found = m_entries.find(user);
    if (found == m_entries.end() && m_redis)
        return;
    Entry &entry = m_entries[user];
    if (entry.loading != 0)
        load(user, entry); // the answer that is under way may be older
    const bool had = entry.blocked.contains(blocked);
    if (isBlocked)
        entry.blocked.insert(blocked);
    else
        entry.blocked.remove(blocked);
    if (had != isBlocked && entry.watchers > 0)
        Q_EMIT changed(user);
}

void Blocklists::reload()
{
    for (auto &[user, entry] : m_entries)
        load(user, entry);
}

void Blocklists::load(const UserId &user, Entry &entry)
{
    entry.loading = ++m_lastLoad;
    m_redis->client()->command(
        {"SMEMBERS", key(user)}, this,
        [this, user, number = entry.loading](const RedisReply &reply) {
            const auto found = m_entries.find(user);
            if (found == m_entries.end() || found->second.loading != number)
                return;
            Entry &loaded = found->second;
            loaded.loading = 0;
            const std::vector<Waiter> waiters = std::exchange(loaded.waiters, {});
            bool hasChanged = false;
            if (reply.isArray()) {
                QSet<UserId> blocked;
                for (const RedisReply &element : reply.elements)
                    blocked.insert(UserId(element.text));
                hasChanged = loaded.blocked != blocked;
                loaded.blocked = blocked;
                loaded.isLoaded = true;
            }
            for (const Waiter &waiter : waiters) {
                if (waiter.context)
                    waiter.done();
            }
            if (hasChanged)
                Q_EMIT changed(user);
        },
        m_redis->requestDeadline());
}

} // namespace Rollcall::Moderation

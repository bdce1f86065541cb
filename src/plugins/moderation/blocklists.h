// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/strongid.h"

#include <QPointer>
#include <QSet>

#include <functional>
#include <unordered_map>
#include <vector>

namespace Rollcall {
class RedisService;
}

namespace Rollcall::Moderation {

/// Whom the users block that somebody here watches: blocks:<user> in Redis, kept current by what
/// the nodes tell each other. Without Redis the lists live as long as this object.
class Blocklists final : public QObject
{
    Q_OBJECT
public:
    /// `redis` may be null; borrowed.
    explicit Blocklists(RedisService *redis, QObject *parent = nullptr);
    ~Blocklists() override;

    QSet<UserId> of(const UserId &user) const;
    void watch(const UserId &user, QObject *context, std::function<void()> done);
    void unwatch(const UserId &user);
    /// Has become known. Of a user whom nobody watches it is of interest only without Redis.
    void apply(const UserId &user, const UserId &blocked, bool isBlocked);
    /// Reads all again: what was said meanwhile has not been heard.
    void reload();
    QByteArray key(const UserId &user) const;

Q_SIGNALS:
    void changed(const Rollcall::UserId &user);

private:
    struct Waiter
    {
        QPointer<QObject> context;
        std::function<void()> done;
    };
    struct Entry
    {
        QSet<UserId> blocked;
        int watchers = 0;
        bool isLoaded = false;
        quint64 loading = 0; ///< the last question that was asked
        std::vector<Waiter> waiters;
    };

    void load(const UserId &user, Entry &entry);

    RedisService *m_redis; ///< null without
    std::unordered_map<UserId, Entry> m_entries;
    quint64 m_lastLoad = 0;
};

} // namespace Rollcall::Moderation

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/presenceservice.h"
#include "plugins/presence/presencekeys.h"
#include "plugins/presence/roomhomes.h"

#include <QPointer>

namespace Rollcall {
class RedisService;
}

namespace Rollcall::Presence {

/// What a node asks Redis on behalf of somebody who waits: once, with `redis.requestDeadline`.
class RedisQuestions final : public QObject
{
    Q_OBJECT
public:
    /// Null: no answer in time.
    using MembersCallback = std::function<void(const std::vector<Member> *)>;
    using StatusesCallback = std::function<void(const std::vector<UserStatus> *)>;

    /// `redis` is configured and must outlive this.
    explicit RedisQuestions(RedisService &redis, QObject *parent = nullptr);

    /// All run `done` from the event loop, once, unless `context` died.
    void fetchMembers(const RoomId &room, QObject *context, MembersCallback done);
    void fetchStatuses(const std::vector<UserId> &users, QObject *context, StatusesCallback done);
    void fetchHolders(const RoomId &room, QObject *context, RoomHomes::Answer done);

private:
    RedisService &m_redis;
    PresenceKeys m_keys;
};

} // namespace Rollcall::Presence

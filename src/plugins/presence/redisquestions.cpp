// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/redisquestions.h"

#include "core/redis/redisclient.h"
#include "core/redis/rediskeys.h"
#include "core/services/redisservice.h"
#include "plugins/presence/memberjson.h"
#include "plugins/presence/presencescripts.h"

#include <array>

namespace Rollcall::Presence {

namespace {

/// One question about many users while its answers come in.
struct StatusJob
{
    std::vector<UserStatus> users;
    size_t unanswered = 0;
    bool hasFailed = false;
    RedisQuestions::StatusesCallback done;

    void finishOne(bool isOk)
    {
        hasFailed = hasFailed || !isOk;
        if (--unanswered == 0)
            done(hasFailed ? nullptr : &users);
    }
};

} // namespace

RedisQuestions::RedisQuestions(RedisService &redis, QObject *parent)
    : QObject(parent)
    , m_redis(redis)
    , m_keys(redis, NodeId())
{ }

void RedisQuestions::fetchMembers(const RoomId &room, QObject *context, MembersCallback done)
{
    const QByteArray page = m_keys.page(room);
    const QByteArray prefix = m_keys.roomUserPrefix(room);
    const std::array<QByteArrayView, 1> keys{page};
    const QByteArray userPrefix = m_keys.userPrefix();
    const std::array<QByteArrayView, 2> arguments{prefix, userPrefix};
    m_redis.client()->evaluate(
        PresenceScripts::roomMembers(), keys, arguments, context,
        [done = std::move(done)](const RedisReply &reply) {
            if (!reply.isOk()) {
                done(nullptr);
                return;
            }
            std::vector<Member> members;
            for (size_t i = 0; i + 1 < reply.elements.size(); i += 2)
                members.push_back(memberFromJson(userFromMemberName(reply.elements[i].text),
                                                 reply.elements[i + 1].text));
            done(&members);
        },
        m_redis.requestDeadline());
}

void RedisQuestions::fetchHolders(const RoomId &room, QObject *context, RoomHomes::Answer done)
{
    const QByteArray nodes = m_keys.roomNodes(room);
    const QByteArray prefix = m_keys.roomNodePrefix(room);
    const std::array<QByteArrayView, 1> keys{nodes};
    const std::array<QByteArrayView, 1> arguments{prefix};
    m_redis.client()->evaluate(
        PresenceScripts::roomHolders(), keys, arguments, context,
        [done = std::move(done)](const RedisReply &reply) {
            if (!reply.isArray()) {
                done(std::nullopt);
                return;
            }
            RoomHolders holders;
            for (size_t i = 0; i + 1 < reply.elements.size(); i += 2)
                holders.emplace_back(NodeId(reply.elements[i].text),
                                     int(reply.elements[i + 1].integer));
            done(holders);
        },
        m_redis.requestDeadline());
}

void RedisQuestions::fetchStatuses(const std::vector<UserId> &users, QObject *context,
                                   StatusesCallback done)
{
    // Shared by the callbacks of its commands.
    const auto job = std::make_shared<StatusJob>();
    job->users.resize(users.size());
    job->unanswered = 2 * users.size();
    job->done = std::move(done);
    const QByteArray online = m_keys.online();
    for (size_t i = 0; i < users.size(); ++i) {
        job->users[i].user = users[i];
        m_redis.client()->command(
            {"HMGET", m_keys.meta(users[i]), "status", "lastSeen", "deviceId"}, context,
            [job, i](const RedisReply &reply) {
                UserStatus &status = job->users[i];
                if (reply.elements.size() >= 3) {
                    if (reply.elements[0].text == "away")
                        status.state = MemberState::Away;
                    status.lastSeenMs = reply.elements[1].text.toLongLong();
                    status.device = reply.elements[2].text;
                }
                job->finishOne(reply.isOk());
            },
            m_redis.requestDeadline());
        m_redis.client()->command(
            {"ZSCORE", online, memberName(users[i])}, context,
            [job, i](const RedisReply &reply) {
                if (reply.isOk() && !reply.isNull()) {
                    job->users[i].isOnline = true;
                    job->users[i].lastSeenMs = qint64(reply.text.toDouble() * 1000);
                }
                job->finishOne(reply.isOk());
            },
            m_redis.requestDeadline());
    }
}

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
// The moderator's part that follows Redis: what is kept there, and what other nodes say.
#include "core/redis/redisclient.h"
#include "core/redis/rediskeys.h"
#include "core/redis/redissubscriber.h"
#include "core/services/redisservice.h"
#include "plugins/moderation/moderator.h"

#include <utility>

namespace Rollcall::Moderation {

void Moderator::start()
{
    if (!isShared())
        return;
    m_redis->subscriber()->subscribe(
        m_redis->key("moderation:events"), this,
        [this](const QByteArray &, const QByteArray &message) { handleMessage(message); },
        [this] { load(); });
    // News sent while one of the two connections was lost have not been heard.
    connect(m_redis, &RedisService::up, this, &Moderator::load);
    connect(m_redis->subscriber(), &RedisSubscriber::up, this, &Moderator::load);
    load();
}

// moderation:rooms names the keys that may hold something: nobody looks through all of Redis.
void Moderator::load()
{
    if (!isUp())
        return;
    m_blocklists.reload();
    const auto loading = std::make_shared<Loading>();
    m_loading = loading;
    loading->questions = 1;
    m_redis->client()->command({"SMEMBERS", m_redis->key("moderation:rooms")}, this,
                               [this, loading](const RedisReply &reply) {
                                   loading->hasFailed |= !reply.isArray();
                                   for (const RedisReply &name : reply.elements)
                                       readVerdicts(loading, name.text);
                                   --loading->questions;
                                   finishLoading(loading);
                               });
}

void Moderator::readVerdicts(const std::shared_ptr<Loading> &loading, const QByteArray &name)
{
    const bool isBan = name.startsWith("bans:");
    if (!isBan && !name.startsWith("mutes:"))
        return;
    const RoomId room(decodeKeyPart(name.mid(name.indexOf(':') + 1)));
    ++loading->questions;
    m_redis->client()->command(
        {"ZRANGE", m_redis->key(name), "0", "-1", "WITHSCORES"}, this,
        [this, loading, isBan, room, name](const RedisReply &reply) {
            loading->hasFailed |= !reply.isArray();
            if (reply.isArray() && reply.elements.empty())
                m_redis->client()->send({"SREM", m_redis->key("moderation:rooms"), name});
            Verdicts &verdicts = isBan ? loading->bans : loading->mutes;
            for (size_t i = 0; i + 1 < reply.elements.size(); i += 2) {
                verdicts.set(room, UserId(reply.elements[i].text),
                             qint64(reply.elements[i + 1].text.toDouble()), nowMs());
            }
            --loading->questions;
            finishLoading(loading);
        });
}

void Moderator::finishLoading(const std::shared_ptr<Loading> &loading)
{
    if (m_loading != loading || loading->questions > 0)
        return;
    m_loading.reset();
    if (loading->hasFailed)
        return; // the connection is made anew, and this again
    for (const ModerationMessage &message : loading->meanwhile) {
        if (message.kind == Kind::Ban)
            loading->bans.set(message.room, message.user, message.untilMs, nowMs());
        else if (message.kind == Kind::Mute)
            loading->mutes.set(message.room, message.user, message.untilMs, nowMs());
    }
    const Verdicts oldBans = std::exchange(m_bans, std::move(loading->bans));
    const Verdicts oldMutes = std::exchange(m_mutes, std::move(loading->mutes));
    enforceNews(Kind::Ban, oldBans, m_bans);
    enforceNews(Kind::Mute, oldMutes, m_mutes);
}

void Moderator::enforceNews(Kind kind, const Verdicts &before, const Verdicts &now)
{
    std::vector<ModerationMessage> news;
    now.forEach([&](const RoomId &room, const UserId &user, qint64 untilMs) {
        if (!before.holds(room, user, nowMs()))
            news.push_back({.kind = kind, .room = room, .user = user, .untilMs = untilMs});
    });
    for (const ModerationMessage &message : news)
        enforce(message);
}

} // namespace Rollcall::Moderation

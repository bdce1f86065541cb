// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/storequestions.h"

#include "core/redis/redisclient.h"
#include "core/redis/rediskeys.h"

namespace Rollcall::Presence {

namespace {

// Members per step: others get their turn in Redis.
constexpr char kScanCount[] = "1000";

Error unavailable(const RedisReply &reply)
{
    return Error{ErrorCode::Unavailable, QString::fromUtf8(reply.text), {}};
}

} // namespace

StoreQuestions::StoreQuestions(StoreContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
{ }

void StoreQuestions::fetchOccupancies(PresenceStore::OccupanciesCallback done)
{
    m_context.client().command({"ZRANGE", m_context.keys.occupancy(), "0", "-1", "WITHSCORES"},
                               this, [this, done = std::move(done)](const RedisReply &reply) {
                                   if (!m_context.check(reply, "ZRANGE")) {
                                       done(unavailable(reply));
                                       return;
                                   }
                                   std::vector<std::pair<RoomId, int>> occupancies;
                                   occupancies.reserve(reply.elements.size() / 2);
                                   for (size_t i = 0; i + 1 < reply.elements.size(); i += 2)
                                       occupancies.emplace_back(RoomId(reply.elements[i].text),
                                                                reply.elements[i + 1].text.toInt());
                                   done(occupancies);
                               });
}

void StoreQuestions::fetchIsOnline(const UserId &user, PresenceStore::OnlineCallback done)
{
    m_context.client().command({"ZSCORE", m_context.keys.online(), memberName(user)}, this,
                               [this, done = std::move(done)](const RedisReply &reply) {
                                   if (m_context.check(reply, "ZSCORE"))
                                       done(!reply.isNull());
                                   else
                                       done(unavailable(reply));
                               });
}

void StoreQuestions::fetchOnline(PresenceStore::UsersCallback done)
{
    scanOnline("0", std::make_shared<QSet<UserId>>(), std::move(done));
}

void StoreQuestions::scanOnline(const QByteArray &cursor, std::shared_ptr<QSet<UserId>> found,
                                PresenceStore::UsersCallback done)
{
    m_context.client().command(
        {"ZSCAN", m_context.keys.online(), cursor, "COUNT", kScanCount}, this,
        [this, found, done = std::move(done)](const RedisReply &reply) {
            if (!m_context.check(reply, "ZSCAN") || reply.elements.size() != 2) {
                done(unavailable(reply));
                return;
            }
            const std::vector<RedisReply> &page = reply.elements[1].elements;
            for (size_t i = 0; i + 1 < page.size(); i += 2)
                found->insert(userFromMemberName(page[i].text));
            if (reply.elements[0].text != "0")
                scanOnline(reply.elements[0].text, found, done);
            else
                done(std::vector<UserId>(found->begin(), found->end()));
        });
}

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/onlineregister.h"

#include "core/protocol/jsontext.h"
#include "core/redis/redisbatch.h"
#include "core/redis/redisclient.h"

namespace Rollcall::Presence {

namespace {

constexpr size_t kUsersPerCommand = 200;
// Beyond these the next command waits for replies, so that others get their turn.
constexpr size_t kCommandsUnanswered = 5;

// What the transaction answers, in order; the last is ZADD's. Scores, if they were not asked for,
// is that too, and has no elements.
enum Reply : size_t { Patterns, Listeners, Scores };

/// Does anybody but this node hear what is published? It hears itself, and has no use for it: it
/// asks who is online once all is written.
bool countsListeners(const std::vector<RedisReply> &replies)
{
    const std::vector<RedisReply> &listeners = replies[Listeners].elements;
    return replies[Patterns].integer > 0 || (listeners.size() > 1 && listeners[1].integer > 1);
}

void addScores(RedisBatch &batch, const QByteArray &key,
               const std::vector<ScoredUsers::Entry> &entries)
{
    batch.begin(3 + 2 * qsizetype(entries.size())).add("ZADD").add(key).add("GT");
    for (const auto &[score, user] : entries)
        batch.addNumber(score).add(user.name);
}

} // namespace

OnlineRegister::OnlineRegister(StoreContext &context, const SeatSource &source,
                               const Departures &departures, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_source(source)
    , m_departures(departures)
    , m_deadlines(1000) // a second
    , m_online(1)
{ }

void OnlineRegister::add(ScoredUsers::User user, qint64 heartbeat, qint64 deadline)
{
    m_deadlines.add({deadline, user});
    m_online.add({heartbeat, std::move(user)});
}

void OnlineRegister::enter(std::function<void()> done)
{
    m_done = std::move(done);
    m_hasListeners = true;
    sendNext();
}

/// The deadlines first: whoever is online is found by SWEEP when theirs has passed.
void OnlineRegister::sendNext()
{
    while (!m_deadlines.isEmpty() && m_deadlinesSent.size() < kCommandsUnanswered)
        sendDeadlines(takeHeld(m_deadlines));
    if (!m_deadlinesSent.empty())
        return;
    while (!m_online.isEmpty() && m_onlineSent.size() < kCommandsUnanswered)
        sendOnline(takeHeld(m_online));
    if (m_onlineSent.empty() && m_done) {
        tellUntold();
        std::exchange(m_done, {})();
    }
}

bool OnlineRegister::isHeld(const UserId &user) const
{
    return !m_departures.mayContain(user) || m_source.containsUser(user);
}

/// Of who left meanwhile LEAVE has written and told the last.
OnlineRegister::Entries OnlineRegister::takeHeld(ScoredUsers &users) const
{
    Entries entries = users.takeHighest(kUsersPerCommand);
    std::erase_if(entries,
                  [this](const ScoredUsers::Entry &entry) { return !isHeld(entry.user.id); });
    return entries;
}

void OnlineRegister::sendDeadlines(Entries users)
{
    if (users.empty())
        return;
    const auto entries = std::make_shared<Entries>(std::move(users));
    m_deadlinesSent.insert(entries);
    RedisBatch batch;
    addScores(batch, m_context.keys.deadlines(), *entries);
    m_context.client().run(batch, this, [this, entries](const std::vector<RedisReply> &replies) {
        if (!m_deadlinesSent.contains(entries) || !m_context.redis.isUp())
            return; // else stop() follows
        m_context.check(replies.front(), "ZADD"); // refused: heartbeats write it again
        m_deadlinesSent.erase(entries);
        sendNext();
    });
}

void OnlineRegister::sendOnline(Entries users)
{
    if (users.empty())
        return;
    const auto entries = std::make_shared<Entries>(std::move(users));
    m_onlineSent.insert(entries);
    const QByteArray online = m_context.keys.online();
    // Whoever begins to listen, and then looks who is online, misses nobody.
    RedisBatch batch;
    batch.command({"MULTI"}).command({"PUBSUB", "NUMPAT"}).command({"PUBSUB", "NUMSUB", online});
    if (m_hasListeners) {
        batch.begin(2 + qsizetype(entries->size())).add("ZMSCORE").add(online);
        for (const ScoredUsers::Entry &entry : *entries)
            batch.add(entry.user.name);
    }
    addScores(batch, online, *entries);
    batch.command({"EXEC"});
    m_context.client().run(batch, this, [this, entries](const std::vector<RedisReply> &replies) {
        if (m_onlineSent.contains(entries) && m_context.redis.isUp())
            handleOnline(entries, replies.back());
    });
}

void OnlineRegister::handleOnline(const EntriesPointer &entries, const RedisReply &reply)
{
    const std::vector<RedisReply> &replies = reply.elements;
    if (!m_context.check(reply, "EXEC") || replies.size() <= Scores
        || !m_context.check(replies.back(), "ZADD")) {
        for (const ScoredUsers::Entry &entry : *entries)
            Q_EMIT refused(entry.user.id);
        finish(entries);
        return;
    }
    m_hasListeners = countsListeners(replies);
    const std::vector<RedisReply> &scores = replies[Scores].elements;
    std::vector<const ScoredUsers::User *> arrived;
    QSet<UserId> seen; // who has seats in several rooms is there several times
    for (size_t i = 0; m_hasListeners && i < entries->size(); ++i) {
        const ScoredUsers::User &user = entries->at(i).user;
        // Not asked, because nobody listened before: those who were online already, on other nodes,
        // are told with the others.
        const bool wasOnline =
            i < scores.size() ? !scores[i].isNull() : replies.back().integer == 0;
        if (!wasOnline && !seen.contains(user.id) && isHeld(user.id)) {
            seen.insert(user.id);
            m_untold.remove(user.id);
            arrived.push_back(&user);
        }
    }
    tell(entries, arrived);
}

void OnlineRegister::tell(const EntriesPointer &entries,
                          const std::vector<const ScoredUsers::User *> &users)
{
    if (users.empty()) {
        finish(entries);
        return;
    }
    RedisBatch batch;
    for (const ScoredUsers::User *user : users)
        batch.command({"PUBLISH", m_context.keys.online(), noticeOf(user->id, user->device)});
    m_context.client().run(batch, this, [this, entries](const std::vector<RedisReply> &) {
        if (m_onlineSent.contains(entries) && m_context.redis.isUp())
            finish(entries);
    });
}

/// Some of them may hear it twice.
void OnlineRegister::tellUntold()
{
    for (const UserId &user : std::exchange(m_untold, {})) {
        const std::vector<SeatRecord> seats = m_source.seatsOf(user);
        if (!seats.empty())
            m_context.client().send(
                {"PUBLISH", m_context.keys.online(), noticeOf(user, seats.back().device)});
    }
}

void OnlineRegister::finish(const EntriesPointer &entries)
{
    m_onlineSent.erase(entries);
    sendNext();
}

std::vector<ScoredUsers::User> OnlineRegister::stop()
{
    m_done = {};
    m_deadlinesSent.clear();
    m_deadlines.takeAll();
    std::vector<ScoredUsers::User> users;
    for (ScoredUsers::Entry &entry : m_online.takeAll())
        users.push_back(std::move(entry.user));
    for (const EntriesPointer &entries : std::exchange(m_onlineSent, {})) {
        for (ScoredUsers::Entry &entry : *entries) {
            m_untold.insert(entry.user.id);
            users.push_back(std::move(entry.user));
        }
    }
    return users;
}

/// As JOIN's.
QByteArray OnlineRegister::noticeOf(const UserId &user, QByteArrayView device) const
{
    const qint64 now = m_context.redisNowMs();
    QByteArray json = "{\"userId\":";
    appendJsonText(json, user.value());
    json.append(",\"status\":\"online\",\"timestamp\":");
    appendJsonInteger(json, now);
    json.append(",\"lastSeen\":");
    appendJsonInteger(json, now);
    json.append(",\"deviceId\":");
    appendJsonText(json, device);
    json.append(",\"node\":");
    appendJsonText(json, m_context.keys.node().value());
    return json + '}';
}

} // namespace Rollcall::Presence

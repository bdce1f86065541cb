// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/seatrestorer.h"

#include "core/redis/redisbatch.h"
#include "core/redis/redisclient.h"
#include "core/redis/rediskeys.h"
#include "plugins/presence/heartbeatflush.h"
#include "plugins/presence/occupancyfeed.h"
#include "plugins/presence/presencescripts.h"
#include "plugins/presence/roomchannels.h"
#include "plugins/presence/seatcommands.h"
#include "plugins/presence/seatwriter.h"

namespace Rollcall::Presence {

namespace {

constexpr qsizetype kBytesPerSeat = 1024;
constexpr qsizetype kBytesPerLife = 128;
bool isRefused(const RedisReply &reply) { return !reply.isOk(); }

} // namespace

SeatRestorer::SeatRestorer(StoreContext &context, const SeatSource &source, RoomChannels &channels,
                           HeartbeatFlush &flush, OccupancyFeed &occupancies, SeatWriter &writer,
                           QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_source(source)
    , m_channels(channels)
    , m_flush(flush)
    , m_occupancies(occupancies)
    , m_writer(writer)
{ }

void SeatRestorer::prepare()
{
    for (const RoomId &room : std::exchange(m_unannounced, {}))
        announce(room);
    m_announced.clear();
}

std::vector<UserId> SeatRestorer::restore(const RoomId &room, const std::vector<UserId> &users,
                                          bool isLast, Done done)
{
    const auto call = std::make_shared<Call>();
    call->room = room;
    call->done = std::move(done);
    call->entries.reserve(users.size());
    std::vector<UserId> absent;
    for (const UserId &user : users) {
        const std::vector<SeatRecord> seats = m_source.seatsOf(user);
        const auto seat = std::ranges::find(seats, room, &SeatRecord::room);
        if (seat == seats.end()) {
            absent.push_back(user);
            continue;
        }
        call->entries.push_back({.user = user, .name = memberName(user)});
    }
    call->seats = call->entries.size();
    m_calls.insert(call);
    Room &open = m_rooms[room];
    ++open.calls;
    open.isLastSaid = isLast;
    if (call->entries.empty())
        finish(call);
    else
        claim(call);
    return absent;
}

bool SeatRestorer::isUnconfirmed(const RoomId &room, const UserId &user) const
{
    return m_unconfirmed.contains({room, user});
}

void SeatRestorer::stop()
{
    for (const CallPointer &call : std::exchange(m_calls, {})) {
        for (const Entry &entry : call->entries)
            m_unconfirmed.insert({call->room, entry.user});
    }
    for (const auto &[room, open] : std::exchange(m_rooms, {}))
        m_unannounced.insert(room);
}

void SeatRestorer::runScript(const CallPointer &call, const std::vector<const Entry *> &entries,
                             Stage stage, RedisCallback callback)
{
    const PresenceKeys &keys = m_context.keys;
    const bool isClaim = stage == Stage::Claim;
    ScriptCall script;
    script.key(keys.roomNode(call->room, keys.node()))
        .key(keys.roomNodes(call->room))
        .key(keys.page(call->room))
        .key(keys.occupancy())
        .key(keys.roomReserved(call->room))
        .key(keys.online())
        .key(keys.deadlines())
        .key(keys.nodeRooms(keys.node()))
        .key(keys.nodes())
        .argument(keys.node().value())
        .argument(call->room.value())
        .argument(qint64(m_context.config.lease.count()))
        .argument(isClaim ? "claim" : "confirm")
        .argument(keys.online())
        .argument(isClaim ? 0 : qint64(std::ranges::count(entries, false, &Entry::isAnnounced)));
    for (const bool isAnnounced : {false, true}) {
        for (const Entry *entry : entries) {
            if (entry->isAnnounced == isAnnounced)
                script.argument(entry->heartbeat).argument(entry->name);
        }
    }
    for (const Entry *entry : entries) {
        if (!isClaim && !entry->isAnnounced)
            script.argument(entry->device);
    }
    script.run(m_context.client(), PresenceScripts::restore(), this,
               [this, call, callback = std::move(callback)](const RedisReply &reply) {
                   if (!m_calls.contains(call))
                       return;
                   if (m_context.check(reply, "RESTORE") && !reply.elements.empty())
                       m_occupancies.tell(call->room, int(reply.elements[0].integer));
                   else if (!m_context.redis.isUp())
                       return; // stop() follows
                   callback(reply);
               });
}

void SeatRestorer::claim(const CallPointer &call)
{
    m_channels.flush(call->room);
    std::vector<const Entry *> entries;
    for (const Entry &entry : call->entries)
        entries.push_back(&entry);
    runScript(call, entries, Stage::Claim, [this, call](const RedisReply &reply) {
        if (reply.isOk()) {
            writeOwn(call);
            return;
        }
        call->unanswered += call->entries.size();
        for (const Entry &entry : call->entries)
            joinInstead(call, entry.user, false);
        finish(call);
    });
}

void SeatRestorer::writeOwn(const CallPointer &call)
{
    const SeatCommands commands(m_context);
    RedisBatch batch;
    batch.reserve(kBytesPerSeat * qsizetype(call->entries.size()));
    std::erase_if(call->entries, [&](Entry &entry) {
        const std::vector<SeatRecord> seats = m_source.seatsOf(entry.user);
        const auto seat = std::ranges::find(seats, call->room, &SeatRecord::room);
        if (seat == seats.end())
            return true; // the LEAVE comes before this
        m_flush.setWritten(entry.user, seat->deadline);
        entry.device = seat->device;
        entry.heartbeat = seat->lastHeartbeatMs / 1000;
        entry.deadline = m_context.redisTimeMs(seat->deadline);
        // The user's hash names the room they entered last, whichever seat is written now.
        commands.write(batch, *seat, seats.back(), entry.name);
        return false;
    });
    if (call->entries.empty()) {
        finish(call);
        return;
    }
    batch.begin(qsizetype(3 + 2 * call->entries.size()))
        .add("ZADD")
        .add(m_context.keys.deadlines())
        .add("GT");
    for (const Entry &entry : call->entries)
        batch.addNumber(entry.deadline).add(entry.name);
    m_context.client().run(batch, this, [this, call](const std::vector<RedisReply> &replies) {
        if (m_calls.contains(call) && m_context.redis.isUp())
            handleOwn(call, replies);
    });
}

void SeatRestorer::handleOwn(const CallPointer &call, const std::vector<RedisReply> &replies)
{
    const size_t each = SeatCommands(m_context).repliesPerSeat();
    std::vector<Entry> offline;
    std::vector<Entry> refused;
    size_t i = 0;
    std::erase_if(call->entries, [&](const Entry &entry) {
        const auto own = std::span(replies).subspan(each * i++, each);
        if (std::ranges::any_of(own, isRefused)) {
            refused.push_back(entry);
            return true;
        }
        if (each > SeatCommands::MetaFields
            && own[SeatCommands::MetaFields].integer != SeatCommands::kMetaFields)
            offline.push_back(entry);
        return false;
    });
    call->unanswered += refused.size();
    for (const Entry &entry : refused)
        joinInstead(call, entry.user, true);
    confirm(call, offline);
}

/// A key that is not ours must not be given a deadline: only now. And now that the user's hash says
/// who holds them, they are online whatever other nodes do.
void SeatRestorer::confirm(const CallPointer &call, const std::vector<Entry> &offline)
{
    const SeatCommands commands(m_context);
    RedisBatch batch;
    batch.reserve(kBytesPerLife * qsizetype(call->entries.size()));
    std::vector<const Entry *> held;
    for (Entry &entry : call->entries) {
        if (!m_source.seat(call->room, entry.user))
            continue; // the LEAVE comes before this
        // By the first of their seats that is confirmed, whichever that turns out to be.
        if (m_source.seatsOf(entry.user).size() > 1) {
            entry.isAnnounced = m_announced.contains(entry.user);
            m_announced.insert(entry.user);
        }
        held.push_back(&entry);
        commands.writeLife(batch, entry.name, entry.deadline, "NX");
    }
    for (const Entry &entry : offline) {
        if (m_source.seat(call->room, entry.user))
            batch.command({"PERSIST", m_context.keys.meta(entry.user)});
    }
    if (held.empty()) {
        finish(call);
        return;
    }
    m_context.client().run(batch, this, [this, call, held](const std::vector<RedisReply> &replies) {
        if (!m_calls.contains(call))
            return;
        RedisBatch later;
        for (size_t i = 0; i < held.size(); ++i) {
            if (replies[i].isOk() && replies[i].integer == 0)
                prolong(later, call->room, *held[i]);
        }
        if (!later.isEmpty())
            m_context.client().run(later, this, [](const std::vector<RedisReply> &) {});
    });
    runScript(call, held, Stage::Confirm, [this, call, held](const RedisReply &reply) {
        if (!reply.isOk()) {
            call->unanswered += held.size();
            for (const Entry *entry : held)
                joinInstead(call, entry->user, true);
        }
        finish(call);
    });
}

/// The key had a deadline already: another node may know a later one, or an earlier one.
void SeatRestorer::prolong(RedisBatch &batch, const RoomId &room, const Entry &entry)
{
    if (const auto seat = m_source.seat(room, entry.user))
        SeatCommands(m_context).writeLife(batch, entry.name, m_context.redisTimeMs(seat->deadline),
                                          "GT");
}

/// JOIN says which key it is, and is tried again later. Until then the seat is not counted.
void SeatRestorer::joinInstead(const CallPointer &call, const UserId &user, bool isWritten)
{
    const auto seat = m_source.seat(call->room, user);
    if (!seat) {
        finish(call);
        return;
    }
    m_writer.join(*seat, [this, call, user, isWritten](const RedisReply &reply) {
        if (isWritten && reply.type == RedisReply::Type::Error)
            m_writer.withdraw(call->room, user);
        finish(call);
    });
}

void SeatRestorer::finish(const CallPointer &call)
{
    if (--call->unanswered > 0 || m_calls.erase(call) == 0)
        return;
    const auto open = m_rooms.find(call->room);
    if (open != m_rooms.end() && --open->second.calls == 0 && open->second.isLastSaid) {
        m_rooms.erase(open);
        announce(call->room);
    }
    call->done(call->seats);
}

void SeatRestorer::announce(const RoomId &room)
{
    m_context.client().send(
        {"PUBLISH", m_context.keys.roomEvents(room), RoomEvent::restored(m_context.keys.node())});
}

} // namespace Rollcall::Presence

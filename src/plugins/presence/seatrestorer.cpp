// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/seatrestorer.h"

#include "core/redis/redisclient.h"
#include "core/redis/rediskeys.h"
#include "plugins/presence/heartbeatflush.h"
#include "plugins/presence/occupancyfeed.h"
#include "plugins/presence/presencescripts.h"
#include "plugins/presence/roomchannels.h"
#include "plugins/presence/seatwriter.h"

namespace Rollcall::Presence {

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
    , m_online(context, source, m_departures)
{
    connect(&m_online, &OnlineRegister::refused, this, &SeatRestorer::joinRefused);
}

void SeatRestorer::prepare()
{
    for (const RoomId &room : std::exchange(m_unannounced, {}))
        announce(room);
    m_expectsNone = true;
    m_departures.begin();
}

std::vector<UserId> SeatRestorer::restore(const RoomId &room, const std::vector<UserId> &users,
                                          bool isLast, Done done)
{
    const auto call = std::make_shared<Call>();
    call->room = room;
    call->done = std::move(done);
    call->entries.reserve(users.size());
    std::vector<UserId> absent;
    SeatCommands commands(m_context, room);
    m_own.clear();
    for (const UserId &user : users) {
        const std::vector<SeatRecord> seats = m_source.seatsOf(user);
        const auto seat = std::ranges::find(seats, room, &SeatRecord::room);
        if (seat == seats.end())
            absent.push_back(user);
        else
            addOwn(*call, commands, seats, *seat);
    }
    call->seats = call->entries.size();
    m_calls.insert(call);
    Room &open = m_rooms[room];
    ++open.calls;
    open.isLastSaid = isLast;
    if (call->entries.empty()) {
        finish(call);
    } else {
        claim(call);
        addDeadlines(*call, m_own);
        sendOwn(call, m_own);
    }
    return absent;
}

bool SeatRestorer::isUnconfirmed(const RoomId &room, const UserId &user) const
{
    return m_unconfirmed.contains({room, user});
}

void SeatRestorer::stop()
{
    for (const ScoredUsers::User &user : m_online.stop())
        m_unconfirmed.insert({user.room, user.id});
    for (const CallPointer &call : std::exchange(m_calls, {})) {
        for (const Entry &entry : call->entries)
            m_unconfirmed.insert({call->room, entry.user});
    }
    for (const auto &[room, open] : std::exchange(m_rooms, {}))
        m_unannounced.insert(room);
    m_departures.end();
}

void SeatRestorer::claim(const CallPointer &call)
{
    m_channels.flush(call->room);
    const PresenceKeys &keys = m_context.keys;
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
        .argument(qint64(m_context.config.lease.count()));
    for (const Entry &entry : call->entries)
        script.argument(entry.name);
    script.run(m_context.client(), PresenceScripts::claim(), this,
               [this, call](const RedisReply &reply) {
                   if (!m_calls.contains(call) || !m_context.redis.isUp())
                       return; // stop() follows
                   call->isClaimed = m_context.check(reply, "CLAIM") && !reply.elements.empty();
                   if (*call->isClaimed)
                       m_occupancies.tell(call->room, int(reply.elements[0].integer));
                   handleAnswer(call);
               });
}

void SeatRestorer::addOwn(Call &call, SeatCommands &commands, const std::vector<SeatRecord> &seats,
                          const SeatRecord &seat)
{
    const UserId &user = seat.member.user;
    m_flush.setWritten(user, seat.deadline);
    const Entry &entry =
        call.entries.emplace_back(Entry{.user = user,
                                        .name = memberName(user),
                                        .device = seat.device,
                                        .heartbeat = seat.lastHeartbeatMs / 1000,
                                        .deadline = m_context.redisTimeMs(seat.deadline)});
    // The user's hash names the room they entered last, whichever seat is written now.
    const SeatCommands::Seat own{seat, seats.back(), entry.name};
    const bool isNew = m_expectsNone && seats.size() == 1;
    for (const SeatCommands::Key key : commands.keys()) {
        if (isNew)
            commands.create(m_own, key, own, entry.deadline);
        else
            commands.write(m_own, key, own);
        call.sent.push_back({call.entries.size() - 1, key, isNew});
    }
}

/// Of the keys that get theirs later: should this node be taken for dead, and die, before that,
/// SWEEP finds them.
void SeatRestorer::addDeadlines(const Call &call, RedisBatch &batch) const
{
    std::vector<const Entry *> mortal;
    for (const Sent &command : call.sent) {
        if (command.key == SeatCommands::Key::User && !command.isNew)
            mortal.push_back(&call.entries[command.entry]);
    }
    if (mortal.empty())
        return;
    batch.begin(3 + 2 * qsizetype(mortal.size()))
        .add("ZADD")
        .add(m_context.keys.deadlines())
        .add("GT");
    for (const Entry *entry : mortal)
        batch.addNumber(entry->deadline).add(entry->name);
}

void SeatRestorer::sendOwn(const CallPointer &call, const RedisBatch &batch)
{
    m_context.client().run(batch, this, [this, call](const std::vector<RedisReply> &replies) {
        if (!m_calls.contains(call) || !m_context.redis.isUp())
            return; // stop() follows
        call->replies = replies;
        handleAnswer(call);
    });
}

void SeatRestorer::handleAnswer(const CallPointer &call)
{
    if (!call->isClaimed || !call->replies)
        return; // not the last of the two
    if (*call->isClaimed) {
        handleOwn(call);
        return;
    }
    for (Entry &entry : call->entries)
        refuse(call, entry);
    finish(call);
}

void SeatRestorer::handleOwn(const CallPointer &call)
{
    std::vector<Sent> taken;
    for (size_t i = 0; i < call->sent.size(); ++i) {
        const auto &[index, key, isNew] = call->sent[i];
        const RedisReply &reply = call->replies->at(i);
        Entry &entry = call->entries[index];
        if (isNew && !SeatCommands::isCreated(key, reply))
            taken.push_back(call->sent[i]);
        else if (isNew)
            entry.hasDeadline |= key == SeatCommands::Key::User;
        else if (!reply.isOk())
            refuse(call, entry);
        else
            entry.mayPass |= SeatCommands::hasExisted(key, reply);
    }
    if (taken.empty()) {
        confirm(call);
        return;
    }
    // Redis came back with old data, or does not let us: not tried with every key.
    m_expectsNone &= taken.size() <= call->sent.size() / 2;
    writeAgain(call, std::move(taken));
}

/// These keys are there already.
void SeatRestorer::writeAgain(const CallPointer &call, std::vector<Sent> taken)
{
    const SeatCommands commands(m_context, call->room);
    RedisBatch batch;
    std::erase_if(taken, [&](Sent &command) {
        Entry &entry = call->entries[command.entry];
        const std::vector<SeatRecord> seats = m_source.seatsOf(entry.user);
        const auto seat = std::ranges::find(seats, call->room, &SeatRecord::room);
        if (seat == seats.end())
            entry.isOut = true; // the LEAVE comes before this
        if (entry.isOut)
            return true;
        commands.write(batch, command.key, {*seat, seats.back(), entry.name});
        command.isNew = false;
        return false;
    });
    if (taken.empty()) {
        confirm(call);
        return;
    }
    call->sent = std::move(taken);
    call->replies.reset();
    addDeadlines(*call, batch);
    sendOwn(call, batch);
}

void SeatRestorer::refuse(const CallPointer &call, Entry &entry)
{
    if (std::exchange(entry.isOut, true))
        return;
    ++call->unanswered;
    joinInstead(call, entry.user);
}

/// Everything of these seats is written but when they end, and that their users are online.
void SeatRestorer::confirm(const CallPointer &call)
{
    for (Entry &entry : call->entries) {
        if (m_departures.mayContain(entry.user) && !m_source.containsUser(call->room, entry.user))
            entry.isOut = true; // the LEAVE comes before this
        if (!entry.isOut)
            m_online.add({entry.user, entry.name, entry.device, call->room}, entry.heartbeat,
                         entry.deadline);
    }
    if (!writeLives(call))
        finish(call);
}

/// A key that is not ours must not be given a deadline: only after it was written. Returns whether
/// there is one to be given; finishes the call then.
bool SeatRestorer::writeLives(const CallPointer &call)
{
    const SeatCommands commands(m_context, call->room);
    RedisBatch batch;
    std::vector<const Entry *> mortal;
    for (const Entry &entry : call->entries) {
        if (entry.isOut || entry.hasDeadline)
            continue;
        mortal.push_back(&entry);
        commands.writeLife(batch, entry.name, entry.deadline, "NX");
    }
    for (const Entry &entry : call->entries) {
        if (!entry.isOut && entry.mayPass)
            batch.command({"PERSIST", m_context.keys.meta(entry.user)});
    }
    if (batch.isEmpty())
        return false;
    const auto handle = [this, call, mortal](const std::vector<RedisReply> &replies) {
        if (!m_calls.contains(call) || !m_context.redis.isUp())
            return;
        RedisBatch later;
        for (size_t i = 0; i < mortal.size(); ++i) {
            if (replies[i].isOk() && replies[i].integer == 0)
                prolong(later, call->room, *mortal[i]);
        }
        if (!later.isEmpty())
            m_context.client().run(later, this, [](const std::vector<RedisReply> &) {});
        finish(call);
    };
    m_context.client().run(batch, this, handle);
    return true;
}

/// The key had a deadline already: another node may know a later one, or an earlier one.
void SeatRestorer::prolong(RedisBatch &batch, const RoomId &room, const Entry &entry)
{
    if (const auto seat = m_source.seat(room, entry.user))
        SeatCommands(m_context, room)
            .writeLife(batch, entry.name, m_context.redisTimeMs(seat->deadline), "GT");
}

/// JOIN says which key it is, and is tried again later. Until then the seat is not counted.
void SeatRestorer::joinInstead(const CallPointer &call, const UserId &user)
{
    const auto seat = m_source.seat(call->room, user);
    if (!seat) {
        finish(call);
        return;
    }
    m_writer.join(*seat, [this, call, user](const RedisReply &reply) {
        if (reply.type == RedisReply::Type::Error)
            m_writer.withdraw(call->room, user);
        finish(call);
    });
}

void SeatRestorer::joinRefused(const UserId &user)
{
    for (const SeatRecord &seat : m_source.seatsOf(user)) {
        m_writer.join(seat, [this, room = seat.room, user](const RedisReply &reply) {
            if (reply.type == RedisReply::Type::Error)
                m_writer.withdraw(room, user);
        });
    }
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

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/inspector.h"

#include "core/redis/redisclient.h"
#include "core/redis/rediskeys.h"
#include "core/services/redisservice.h"
#include "plugins/presence/inspectionreply.h"
#include "plugins/presence/inspectionverdict.h"
#include "plugins/presence/presencescripts.h"

#include <algorithm>

namespace Rollcall::Presence {

namespace {

// Rooms that one call visits: some 10 us each, and others want their turn in Redis.
constexpr size_t kRoomsPerCall = 100;
constexpr int kScanRounds = 1000;
constexpr QByteArrayView kScanCount = "1000";

/// As part of a pattern of SCAN.
QByteArray escapedPattern(const QByteArray &text)
{
    QByteArray escaped;
    for (const char character : text) {
        if (QByteArrayView("*?[]\\^").contains(character))
            escaped += '\\';
        escaped += character;
    }
    return escaped;
}

/// What the node that was asked wrote of itself may be older than what it knows.
void setOwnGraces(UserInspection &user, const NodeId &asked)
{
    for (SeatInspection &seat : user.seats) {
        const auto own = std::ranges::find(seat.nodes, asked, &NodeHolding::node);
        if (own != seat.nodes.end())
            own->graceLeft = seat.graceLeftHere();
    }
}

} // namespace

/// One question while it is answered.
struct Inspector::Job
{
    PresenceSubject subject;
    QPointer<QObject> context;
    Callback done;
    PresenceInspection result;
    QString failure;
    int parts = 0; // that are not finished: the room, the user
    QSet<RoomId> candidates;
    std::vector<RoomId> unvisited;
    std::vector<RoomId> related;
    std::vector<UserId> members;
    size_t unanswered = 0;
    int scanRounds = 0;
    bool scansNodes = false;
};

Inspector::Inspector(RedisService &redis, std::optional<HeldView> view, QObject *parent)
    : QObject(parent)
    , m_redis(redis)
    , m_keys(redis, view ? view->node : NodeId())
    , m_view(std::move(view))
{ }

void Inspector::inspect(const PresenceSubject &subject, QObject *context, Callback done)
{
    const auto job = std::make_shared<Job>();
    job->subject = subject;
    job->context = context;
    job->done = std::move(done);
    job->parts = 1; // this call's own
    if (subject.room) {
        ++job->parts;
        readRoom(job, *subject.room);
    }
    if (subject.user) {
        ++job->parts;
        findRooms(job, *subject.user);
    }
    finishPart(job);
}

void Inspector::inspectSeats(const UserId &user, const std::vector<RoomId> &rooms, QObject *context,
                             UserCallback done)
{
    const auto job = std::make_shared<Job>();
    job->context = context;
    job->parts = 1;
    job->done = [job = job.get(), done](const Result<PresenceInspection> &result) {
        if (result)
            done(job->result.users.front());
        else
            done(result.error());
    };
    read(job, user, rooms, [this, job](UserInspection found) {
        judge(found, m_view ? std::optional(m_view->node) : std::nullopt, false);
        job->result.users.push_back(std::move(found));
        finishPart(job);
    });
}

void Inspector::read(const JobPointer &job, const UserId &user, const std::vector<RoomId> &rooms,
                     Then then)
{
    ScriptCall call;
    call.key(m_keys.user(user))
        .key(m_keys.meta(user))
        .key(m_keys.online())
        .key(m_keys.deadlines())
        .key(m_keys.nodes())
        .argument(memberName(user))
        .argument(m_keys.leasePrefix());
    // What RAM says now is what Redis will say when it comes to this command.
    std::vector<std::pair<RoomId, std::vector<HeldConnection>>> held;
    for (const RoomId &room : rooms) {
        call.argument(room.value())
            .argument(m_keys.page(room))
            .argument(m_keys.roomNodes(room))
            .argument(m_keys.roomNodePrefix(room))
            .argument(m_keys.roomUser(room, user));
        if (!m_view)
            continue;
        if (auto connections = m_view->seat(room, user))
            held.emplace_back(room, std::move(*connections));
    }
    call.run(
        *m_redis.client(), PresenceScripts::inspect(), this,
        [this, job, user, held = std::move(held), then = std::move(then)](const RedisReply &reply) {
            if (!check(job, reply))
                return;
            auto answer = InspectionReply::parse(user, reply);
            if (!answer) {
                job->failure = QStringLiteral("an answer without sense");
                finishPart(job);
                return;
            }
            job->result.atMs = answer->nowMs;
            for (const RoomId &room : answer->roomsOfHash)
                job->candidates.insert(room);
            for (const auto &[room, connections] : held) {
                auto seat = std::ranges::find(answer->user.seats, room, &SeatInspection::room);
                if (seat == answer->user.seats.end()) {
                    SeatInspection unwritten;
                    unwritten.room = room;
                    unwritten.user = user;
                    answer->user.seats.push_back(unwritten);
                    seat = answer->user.seats.end() - 1;
                }
                seat->here = connections;
            }
            if (m_view)
                setOwnGraces(answer->user, m_view->node);
            then(std::move(answer->user));
        });
}

void Inspector::readRoom(const JobPointer &job, const RoomId &room)
{
    ScriptCall()
        .key(m_keys.page(room))
        .key(m_keys.roomNodes(room))
        .key(m_keys.occupancy())
        .key(m_keys.nodes())
        .argument(room.value())
        .argument(m_keys.roomNodePrefix(room))
        .argument(qint64(kMaxSeats))
        .run(*m_redis.client(), PresenceScripts::inspectRoom(), this,
             [this, job, room](const RedisReply &reply) {
                 if (!check(job, reply))
                     return;
                 if (reply.elements.size() < 6) {
                     job->failure = QStringLiteral("an answer without sense");
                     finishPart(job);
                     return;
                 }
                 job->result.atMs = reply.elements[0].integer;
                 RoomInspection found;
                 found.room = room;
                 found.counted = int(reply.elements[1].integer);
                 if (!reply.elements[2].text.isEmpty())
                     found.stored = reply.elements[2].text.toInt();
                 for (const RedisReply &node : reply.elements[3].elements)
                     found.nodes.emplace_back(node.text);
                 for (const RedisReply &member : reply.elements[4].elements)
                     job->members.push_back(userFromMemberName(member.text));
                 for (const UserId &user : m_view ? m_view->usersOf(room) : std::vector<UserId>()) {
                     if (job->members.size() < kMaxSeats && !std::ranges::count(job->members, user))
                         job->members.push_back(user);
                 }
                 if (reply.elements[5].integer == 1)
                     job->result.isComplete = false;
                 judge(found);
                 job->result.room = found;
                 readMembers(job, room);
             });
}

void Inspector::readMembers(const JobPointer &job, const RoomId &room)
{
    const size_t count = std::min(job->members.size(), kRoomsPerCall);
    if (count == 0) {
        finishPart(job);
        return;
    }
    job->unanswered = count;
    for (size_t i = 0; i < count; ++i) {
        const UserId user = job->members.back();
        job->members.pop_back();
        read(job, user, {room}, [this, job, room](UserInspection found) {
            judge(found, m_view ? std::optional(m_view->node) : std::nullopt, false);
            const bool isThere =
                std::ranges::any_of(job->result.users, [&](const UserInspection &other) {
                    return other.user == found.user;
                });
            // Who has left meanwhile is no member.
            if (!found.seats.empty() && !isThere)
                job->result.users.push_back(std::move(found));
            if (--job->unanswered == 0)
                readMembers(job, room);
        });
    }
}

/// Every room there may be: those that the user's hash names, those with an occupancy, those of the
/// nodes, and those that only have members.
void Inspector::findRooms(const JobPointer &job, const UserId &user)
{
    for (const RoomId &room : m_view ? m_view->roomsOf(user) : std::vector<RoomId>())
        job->candidates.insert(room);
    read(job, user, {}, [](const UserInspection &) {}); // for the rooms of the hash
    m_redis.client()->command({"ZRANGE", m_keys.occupancy(), "0", "-1"}, this,
                              [this, job, user](const RedisReply &reply) {
                                  if (!check(job, reply))
                                      return;
                                  for (const RedisReply &room : reply.elements)
                                      job->candidates.insert(RoomId(room.text));
                                  findRoomsOfNodes(job, user);
                              });
}

void Inspector::findRoomsOfNodes(const JobPointer &job, const UserId &user)
{
    m_redis.client()->command(
        {"ZRANGE", m_keys.nodes(), "0", "-1"}, this, [this, job, user](const RedisReply &nodes) {
            if (!check(job, nodes))
                return;
            for (const RedisReply &node : nodes.elements) {
                m_redis.client()->command({"SMEMBERS", m_keys.nodeRooms(NodeId(node.text))}, this,
                                          [job](const RedisReply &rooms) {
                                              for (const RedisReply &room : rooms.elements)
                                                  job->candidates.insert(RoomId(room.text));
                                          });
            }
            scanRooms(job, user, "0"); // answered after those
        });
}

/// The keys that name a room and are there although no index says so: member sets first, then the
/// nodes' sets.
void Inspector::scanRooms(const JobPointer &job, const UserId &user, const QByteArray &cursor)
{
    const QByteArray pages = m_keys.page(RoomId());
    const QByteArray rooms = m_keys.roomsPrefix();
    const QByteArray pattern =
        job->scansNodes ? escapedPattern(rooms) + "*:node*" : escapedPattern(pages) + '*';
    m_redis.client()->command(
        {"SCAN", cursor, "MATCH", pattern, "COUNT", kScanCount}, this,
        [this, job, user, pages, rooms](const RedisReply &reply) {
            if (!check(job, reply))
                return;
            if (reply.elements.size() < 2)
                return finishPart(job);
            for (const RedisReply &key : reply.elements[1].elements) {
                const QByteArray name = key.text.sliced((job->scansNodes ? rooms : pages).size());
                // Room names have no colon in keys; what follows one is not theirs.
                job->candidates.insert(RoomId(decodeKeyPart(name.split(':').front())));
            }
            const QByteArray &next = reply.elements[0].text;
            if (next != "0" && ++job->scanRounds < kScanRounds)
                return scanRooms(job, user, next);
            if (next != "0")
                job->result.isComplete = false;
            if (!std::exchange(job->scansNodes, true)) {
                job->scanRounds = 0;
                return scanRooms(job, user, "0");
            }
            job->unvisited.assign(job->candidates.begin(), job->candidates.end());
            visitRooms(job, user);
        });
}

/// Finds those where there is anything of the user.
void Inspector::visitRooms(const JobPointer &job, const UserId &user)
{
    if (job->unvisited.empty()) {
        readRelated(job, user);
        return;
    }
    const size_t count = std::min(job->unvisited.size(), kRoomsPerCall);
    const std::vector<RoomId> rooms(job->unvisited.end() - ptrdiff_t(count), job->unvisited.end());
    job->unvisited.resize(job->unvisited.size() - count);
    read(job, user, rooms, [this, job, user](const UserInspection &found) {
        for (const SeatInspection &seat : found.seats)
            job->related.push_back(seat.room);
        visitRooms(job, user);
    });
}

void Inspector::readRelated(const JobPointer &job, const UserId &user)
{
    if (job->related.size() > kMaxSeats) {
        job->related.resize(kMaxSeats);
        job->result.isComplete = false;
    }
    read(job, user, job->related, [this, job](UserInspection found) {
        judge(found, m_view ? std::optional(m_view->node) : std::nullopt, true);
        // As a member of the room of the same name they may be there already.
        std::erase_if(job->result.users,
                      [&](const UserInspection &other) { return other.user == found.user; });
        if (!found.isEmpty())
            job->result.users.push_back(std::move(found));
        finishPart(job);
    });
}

/// False: the part of the question is over.
bool Inspector::check(const JobPointer &job, const RedisReply &reply)
{
    if (reply.isOk())
        return true;
    if (job->failure.isEmpty())
        job->failure = QString::fromUtf8(reply.text);
    finishPart(job);
    return false;
}

void Inspector::finishPart(const JobPointer &job)
{
    if (--job->parts > 0 && job->failure.isEmpty())
        return;
    const Callback done = std::exchange(job->done, {});
    if (!done || !job->context)
        return;
    const auto byUser = [](const UserInspection &a, const UserInspection &b) {
        return a.user < b.user;
    };
    std::sort(job->result.users.begin(), job->result.users.end(), byUser);
    for (UserInspection &user : job->result.users) {
        std::sort(user.seats.begin(), user.seats.end(),
                  [](const SeatInspection &a, const SeatInspection &b) { return a.room < b.room; });
    }
    if (job->failure.isEmpty())
        done(job->result);
    else
        done(Error{ErrorCode::Unavailable, job->failure, {}});
}

} // namespace Rollcall::Presence

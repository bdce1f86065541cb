// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// What others ask the engine that RAM alone does not know.
#include "plugins/presence/presenceengine.h"

#include "core/services/redisservice.h"
#include "plugins/presence/driftmeter.h"
#include "plugins/presence/inspectionverdict.h"
#include "plugins/presence/purger.h"
#include "plugins/presence/redisquestions.h"

#include <algorithm>

namespace Rollcall::Presence {

/// The parts that exist only with a Redis.
struct PresenceEngine::Questions
{
    Questions(RedisService &service, Clock &clock, Metrics &metrics, const NodeId &node,
              PresenceEngine &engine)
        : redis(service)
        , questions(service)
        , homes(
              clock,
              [this](const RoomId &room, QObject *context, RoomHomes::Answer done) {
                  questions.fetchHolders(room, context, std::move(done));
              },
              [&engine] { return engine.m_store->openNodes(); })
        , inspector(service, engine.heldView(node))
        , purger(service, clock, inspector,
                 [&engine](const RoomId &room, const UserId &user) {
                     engine.evict(room, user, LeaveReason::Kicked);
                 })
        , drift(service, clock, metrics, node,
                {.rooms = [&engine] { return engine.m_tracker.heldRooms(); },
                 .users =
                     [&engine](const RoomId &room) {
                         const TrackedRoom *tracked = engine.m_tracker.room(room);
                         return tracked ? int(tracked->seats.size()) : 0;
                     },
                 .isSettled = [&engine] { return engine.isFresh() && !engine.m_isDraining; }})
    { }

    RedisService &redis;
    RedisQuestions questions;
    RoomHomes homes;
    Inspector inspector;
    Purger purger;
    DriftMeter drift;
};

void PresenceEngine::startQuestions(RedisService &redis, Metrics &metrics, const NodeId &node)
{
    m_questions = std::make_shared<Questions>(redis, m_clock, metrics, node, *this);
}

HeldView PresenceEngine::heldView(const NodeId &node) const
{
    return {.node = node,
            .seat = [this](const RoomId &room,
                           const UserId &user) -> std::optional<std::vector<HeldConnection>> {
                if (!m_tracker.containsUser(room, user))
                    return std::nullopt;
                return m_tracker.heldConnections(room, user);
            },
            .roomsOf =
                [this](const UserId &user) {
                    std::vector<RoomId> rooms;
                    for (const SeatRecord &seat : m_tracker.seatsOf(user))
                        rooms.push_back(seat.room);
                    return rooms;
                },
            .usersOf = [this](const RoomId &room) { return m_tracker.heldUsers(room); }};
}

std::vector<OpenNode> PresenceEngine::openNodes(const RoomId &room) const
{
    std::vector<OpenNode> nodes = m_store->openNodes();
    if (!m_remote.isLoaded(room))
        return nodes;
    for (OpenNode &node : nodes)
        node.users = m_remote.countOf(room, node.node);
    std::ranges::stable_sort(nodes, std::greater(), &OpenNode::users);
    return nodes;
}

void PresenceEngine::findHome(const RoomId &room, QObject *context, HomeCallback done)
{
    const TrackedRoom *tracked = m_tracker.room(room);
    const int here = tracked ? int(tracked->seats.size()) : 0;
    const std::vector<OpenNode> others = openNodes(room);
    const bool isKnown = m_remote.isLoaded(room) || occupancy(room) == here;
    if (m_isDraining)
        done(others.empty() ? nullptr : &others.front());
    else if (others.empty() || isKnown || !m_questions || !m_questions->redis.isUp())
        done(RoomHomes::choose(others, here));
    else
        m_questions->homes.find(room, here, context, std::move(done));
}

void PresenceEngine::beginDraining()
{
    if (!m_isDraining)
        drain({});
}

void PresenceEngine::fetchSnapshot(const RoomId &room, QObject *context, JoinCallback done)
{
    const RoomSnapshot known = snapshot(room);
    const bool isKnown = m_tracker.room(room) ? m_remote.isLoaded(room) : known.users == 0;
    if (!m_questions || !m_questions->redis.isUp() || (isKnown && isFresh())) {
        done(known);
        return;
    }
    m_questions->questions.fetchMembers(
        room, context, [this, room, done = std::move(done)](const std::vector<Member> *members) {
            RoomSnapshot answer = snapshot(room);
            if (!members) {
                answer.stale = true;
            } else {
                for (const Member &member : *members) {
                    const auto isIt = [&](const Member &other) {
                        return other.user == member.user;
                    };
                    if (std::ranges::none_of(answer.members, isIt))
                        answer.members.push_back(member);
                }
                answer.stale = !isFresh();
            }
            done(answer);
        });
}

void PresenceEngine::fetchStatuses(const std::vector<UserId> &users, QObject *context,
                                   StatusesCallback done)
{
    const auto finish = [this, users,
                         done = std::move(done)](const std::vector<UserStatus> *asked) {
        UserStatuses answer{.users = {}, .stale = !asked || !isFresh(), .asOfMs = asOfMs()};
        for (size_t i = 0; i < users.size(); ++i)
            answer.users.push_back(statusOf(users[i], asked ? &(*asked)[i] : nullptr));
        done(answer);
    };
    if (users.empty() || !m_questions) {
        const std::vector<UserStatus> nobody(users.size());
        finish(&nobody);
    } else if (!m_questions->redis.isUp()) {
        finish(nullptr);
    } else {
        m_questions->questions.fetchStatuses(users, context, finish);
    }
}

/// `asked`: what Redis says; null: it did not answer.
UserStatus PresenceEngine::statusOf(const UserId &user, const UserStatus *asked) const
{
    UserStatus status = asked ? *asked : UserStatus();
    status.user = user;
    if (!asked)
        status.isOnline = m_online.contains(user);
    const std::vector<SeatRecord> seats = m_tracker.seatsOf(user);
    if (seats.empty())
        return status;
    const auto isAway = [](const SeatRecord &seat) {
        return seat.member.state == MemberState::Away;
    };
    status.isOnline = true;
    status.device = seats.front().device;
    status.state = std::ranges::all_of(seats, isAway) ? MemberState::Away : MemberState::Active;
    status.lastSeenMs = std::max(status.lastSeenMs, seats.front().lastHeartbeatMs);
    return status;
}

void PresenceEngine::inspect(const PresenceSubject &subject, QObject *context,
                             InspectionCallback done)
{
    if (!m_questions)
        done(inspectHere(subject));
    else if (!m_questions->redis.isUp())
        done(Error{ErrorCode::Unavailable, m_questions->redis.downReason(), {}});
    else
        m_questions->inspector.inspect(subject, context, std::move(done));
}

/// Without Redis there is nothing that could disagree.
PresenceInspection PresenceEngine::inspectHere(const PresenceSubject &subject) const
{
    PresenceInspection found;
    found.atMs = m_clock.wallMs();
    const auto addUser = [&](const UserId &user, const std::vector<SeatRecord> &seats) {
        if (seats.empty())
            return;
        UserInspection &entry = found.users.emplace_back();
        entry.user = user;
        entry.isOnline = true;
        entry.lastHeartbeatMs = seats.front().lastHeartbeatMs;
        for (const SeatRecord &record : seats) {
            SeatInspection &seat = entry.seats.emplace_back();
            seat.room = record.room;
            seat.user = user;
            seat.isCounted = true;
            seat.displayName = record.member.displayName;
            seat.joinedAtMs = record.member.joinedAtMs;
            seat.state = record.member.state;
            seat.here = m_tracker.heldConnections(record.room, user);
        }
    };
    if (subject.room) {
        if (const TrackedRoom *room = m_tracker.room(*subject.room)) {
            found.room = RoomInspection{.room = *subject.room,
                                        .counted = int(room->seats.size()),
                                        .stored = int(room->seats.size()),
                                        .nodes = {},
                                        .findings = {}};
            for (const auto &[user, seat] : room->seats)
                addUser(user, {*m_tracker.seat(*subject.room, user)});
        }
    }
    if (subject.user)
        addUser(*subject.user, m_tracker.seatsOf(*subject.user));
    return found;
}

void PresenceEngine::purge(const PresenceSubject &subject, QObject *context, PurgeCallback done)
{
    if (m_questions && !m_questions->redis.isUp()) {
        done(Error{ErrorCode::Unavailable, m_questions->redis.downReason(), {}});
        return;
    }
    if (m_questions) {
        m_questions->purger.purge(subject, context, std::move(done));
        return;
    }
    const PresenceInspection found = inspectHere(subject);
    PurgeReport report{Purger::plan(found, subject), true};
    for (const PurgedSeat &seat : report.seats) {
        if (seat.action == PurgedSeat::Action::Evicted)
            evict(seat.room, seat.user, LeaveReason::Kicked);
    }
    done(report);
}

} // namespace Rollcall::Presence

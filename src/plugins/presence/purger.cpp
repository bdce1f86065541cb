// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/purger.h"

#include "core/redis/redisclient.h"
#include "core/services/redisservice.h"
#include "plugins/presence/roomevent.h"
#include "plugins/presence/seatwriter.h"
#include "plugins/presence/storecontext.h"

namespace Rollcall::Presence {

namespace {

using namespace std::chrono_literals;

constexpr auto kLookInterval = 100ms;
// What is said on channels is said in this name: no node takes it for its own.
constexpr char kPurger[] = "purge";

/// Whether LEAVE in the name of the node changes anything.
bool isWritten(const NodeHolding &holding) { return holding.isInSet || holding.isInUserHash; }

} // namespace

/// One purge while it runs.
struct Purger::Job
{
    PresenceSubject subject;
    QPointer<QObject> context;
    Callback done;
    PurgeReport report;
    std::vector<size_t> asked; // of report.seats, not gone yet
    std::vector<size_t> remaining;
    size_t unanswered = 0;
    Clock::SteadyTime until;
    std::unique_ptr<ClockTimer> timer;
};

Purger::Purger(RedisService &redis, Clock &clock, Inspector &inspector, Evict evict,
               QObject *parent)
    : QObject(parent)
    , m_redis(redis)
    , m_clock(clock)
    , m_inspector(inspector)
    , m_evict(std::move(evict))
{ }

std::vector<PurgedSeat> Purger::plan(const PresenceInspection &found,
                                     const PresenceSubject &subject)
{
    using Action = PurgedSeat::Action;
    std::vector<PurgedSeat> seats;
    for (const UserInspection &user : found.users) {
        const bool isMeant = subject.user == user.user;
        bool isAnywhere = false;
        for (const SeatInspection &seat : user.seats) {
            const bool isLive = seat.verdict == SeatInspection::Verdict::Live;
            if (isLive && !isMeant) {
                seats.push_back({seat.room, user.user, {}, Action::LeftAlone});
                continue;
            }
            size_t before = seats.size();
            for (const NodeHolding &holding : seat.nodes) {
                if (isWritten(holding))
                    seats.push_back({seat.room, user.user, holding.node,
                                     isLive && holding.isInSet && holding.isNodeAlive()
                                         ? Action::Evicted
                                         : Action::Removed});
            }
            if (seats.size() == before)
                seats.push_back(
                    {seat.room, user.user, {}, seat.here ? Action::Evicted : Action::Removed});
            isAnywhere = true;
        }
        if (isMeant && !isAnywhere && (user.hasKey || user.isOnline || user.deadlineLeft))
            seats.push_back({RoomId(), user.user, {}, Action::Removed});
    }
    return seats;
}

void Purger::purge(const PresenceSubject &subject, QObject *context, Callback done)
{
    const auto job = std::make_shared<Job>();
    job->subject = subject;
    job->context = context;
    job->done = std::move(done);
    m_inspector.inspect(subject, this, [this, job](const Result<PresenceInspection> &found) {
        if (!found) {
            fail(job, found.error().logText);
            return;
        }
        job->report.seats = plan(*found, job->subject);
        job->report.isComplete = found->isComplete;
        begin(job);
    });
}

void Purger::begin(const JobPointer &job)
{
    job->unanswered = 1; // this call's own
    for (size_t i = 0; i < job->report.seats.size(); ++i) {
        const PurgedSeat &seat = job->report.seats[i];
        if (seat.action == PurgedSeat::Action::Removed) {
            remove(job, seat, LeaveReason::Lost);
        } else if (seat.action == PurgedSeat::Action::Evicted) {
            ask(job, seat);
            job->asked.push_back(i);
        }
    }
    job->until = m_clock.now() + kPatience;
    finishOne(job);
}

void Purger::remove(const JobPointer &job, const PurgedSeat &seat, LeaveReason reason)
{
    ++job->unanswered;
    const PresenceKeys keys(m_redis, seat.node.isNull() ? NodeId(kPurger) : seat.node);
    SeatWriter::runLeave(
        *m_redis.client(), keys, seat.room, seat.user, reason,
        StoreContext::fullMetaLife(seat.user), this,
        [this, job, room = seat.room, channel = keys.occupancyEvents()](const RedisReply &reply) {
            if (!reply.isOk() || reply.elements.size() < 2) {
                fail(job, QString::fromUtf8(reply.text));
                return;
            }
            // As OccupancyFeed: lists that do not know the room's members count at once.
            if (!room.isNull())
                m_redis.client()->send({"PUBLISH", channel,
                                        QByteArray(kPurger) + '\n' + room.value() + '\n'
                                            + QByteArray::number(reply.elements[1].integer)});
            finishOne(job);
        });
}

void Purger::ask(const JobPointer &, const PurgedSeat &seat)
{
    if (m_evict) {
        m_evict(seat.room, seat.user);
        return;
    }
    m_redis.client()->send({"PUBLISH", PresenceKeys(m_redis, {}).roomEvents(seat.room),
                            RoomEvent::evict(NodeId(kPurger), seat.user, LeaveReason::Kicked)});
}

void Purger::finishOne(const JobPointer &job)
{
    if (--job->unanswered > 0 || !job->done)
        return;
    if (!job->asked.empty()) {
        // One shot each time: the job, which owns the timer, is kept by what the timer calls.
        job->timer = m_clock.createTimer([this, job] { look(job); });
        job->timer->startOnce(kLookInterval);
        return;
    }
    if (const Callback done = std::exchange(job->done, {}); done && job->context)
        done(job->report);
}

void Purger::look(const JobPointer &job)
{
    // Ends the circle of the timer's callback and the job.
    QMetaObject::invokeMethod(
        this, [timer = std::shared_ptr<ClockTimer>(std::move(job->timer))] {},
        Qt::QueuedConnection);
    job->remaining = std::exchange(job->asked, {});
    job->unanswered = job->remaining.size() + 1;
    for (const size_t index : job->remaining)
        lookAt(job, index);
    finishOne(job);
}

void Purger::lookAt(const JobPointer &job, size_t index)
{
    const PurgedSeat &asked = job->report.seats[index];
    m_inspector.inspectSeats(
        asked.user, {asked.room}, this, [this, job, index](const Result<UserInspection> &found) {
            if (!found) {
                fail(job, found.error().logText);
                return;
            }
            PurgedSeat &seat = job->report.seats[index];
            bool isThere = false;
            for (const SeatInspection &now : found->seats) {
                for (const NodeHolding &holding : now.nodes)
                    isThere = isThere || (holding.node == seat.node && isWritten(holding));
            }
            if (isThere && m_clock.now() >= job->until) {
                seat.action = PurgedSeat::Action::Forced;
                remove(job, seat, LeaveReason::Kicked);
            } else if (isThere) {
                job->asked.push_back(index);
            }
            finishOne(job);
        });
}

void Purger::fail(const JobPointer &job, const QString &why)
{
    const Callback done = std::exchange(job->done, {});
    if (done && job->context)
        done(Error{ErrorCode::Unavailable, why, {}});
}

} // namespace Rollcall::Presence

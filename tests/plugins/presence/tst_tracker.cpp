// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/manualclock.h"
#include "plugins/presence/tracker.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

namespace {

constexpr int kMemberships = 100'000;
constexpr auto kBeat = 25s;
constexpr auto kTtl = 75s; // defaults of the dialect

/// Counts the timers that were ever made.
class CountingClock final : public Clock
{
public:
    SteadyTime now() const override { return manual.now(); }
    WallTime wallNow() const override { return manual.wallNow(); }
    std::unique_ptr<ClockTimer> createTimer(std::function<void()> callback) override
    {
        ++timers;
        return manual.createTimer(std::move(callback));
    }
    ManualClock manual;
    int timers = 0;
};

MembershipRequest requestOf(int number)
{
    MembershipRequest request;
    request.connection = ConnectionId(quint64(number) + 1);
    request.room = RoomId("room" + QByteArray::number(number % 1'000));
    request.member.user = UserId("u" + QByteArray::number(number));
    return request;
}

} // namespace

class tst_Tracker : public QObject
{
    Q_OBJECT
private:
    CountingClock m_clock;
    std::vector<Tracker::Ended> m_ended;

    /// They enter evenly over one beat.
    void fill(Tracker &tracker)
    {
        constexpr int kSteps = 250;
        for (int step = 0; step < kSteps; ++step) {
            for (int i = step; i < kMemberships; i += kSteps)
                tracker.join(requestOf(i));
            m_clock.manual.advance(kBeat / kSteps);
        }
        QCOMPARE(tracker.membershipCount(), kMemberships);
    }
    void beat(Tracker &tracker, int every = 1)
    {
        for (int i = 0; i < kMemberships; i += every)
            tracker.touch(ConnectionId(quint64(i) + 1), requestOf(i).room);
    }

private Q_SLOTS:
    void init() { m_ended.clear(); }

    void hundredThousandMembershipsCostWhatIsDueAndNoTimers()
    {
        Tracker tracker(m_clock, {}, [this](const Tracker::Ended &end) { m_ended.push_back(end); });
        const int timers = m_clock.timers;
        fill(tracker);
        quint64 before = tracker.sweepExamined();
        beat(tracker);
        m_clock.manual.advance(kTtl - kBeat - 1s);
        QCOMPARE(tracker.sweepExamined(), before); // nothing was due, nothing was looked at
        // Minutes of heartbeats: each entry is looked at about once in a TTL, whatever beats.
        for (int i = 0; i < 4; ++i) {
            beat(tracker);
            m_clock.manual.advance(kBeat);
        }
        QVERIFY(m_ended.empty());
        const quint64 rounds = 4 * kBeat / (kTtl - kBeat) + 1;
        QVERIFY2(tracker.sweepExamined() - before <= rounds * kMemberships,
                 QByteArray::number(tracker.sweepExamined() - before));
        // One in a thousand falls silent.
        before = tracker.sweepExamined();
        for (int i = 0; i < 3; ++i) {
            for (int each = 0; each < kMemberships; ++each) {
                if (each % 1'000 != 0)
                    tracker.touch(ConnectionId(quint64(each) + 1), requestOf(each).room);
            }
            m_clock.manual.advance(kBeat);
        }
        m_clock.manual.advance(250ms);
        QCOMPARE(m_ended.size(), size_t(kMemberships / 1'000));
        QCOMPARE(m_clock.timers, timers);
    }
    void everyGraceRunsOnTheSameTimerToo()
    {
        Tracker tracker(m_clock, {}, [this](const Tracker::Ended &end) { m_ended.push_back(end); });
        const int timers = m_clock.timers;
        fill(tracker);
        beat(tracker);
        for (int i = 0; i < kMemberships; ++i)
            QCOMPARE(tracker.lose(ConnectionId(quint64(i) + 1), requestOf(i).room),
                     Tracker::Loss::InGrace);
        QCOMPARE(tracker.pendingGraces(), kMemberships);
        m_clock.manual.advance(15s - 1ms);
        QVERIFY(m_ended.empty());
        m_clock.manual.advance(251ms);
        QCOMPARE(m_ended.size(), size_t(kMemberships));
        QCOMPARE(tracker.pendingGraces(), 0);
        QCOMPARE(m_clock.timers, timers);
    }
    void connectionThatComesBackAsItselfIsNotInGraceAnyMore()
    {
        Tracker tracker(m_clock, {}, [this](const Tracker::Ended &end) { m_ended.push_back(end); });
        tracker.join(requestOf(1));
        tracker.lose(ConnectionId(2), requestOf(1).room);
        QCOMPARE(tracker.room(requestOf(1).room)->connections, 0);
        QCOMPARE(tracker.join(requestOf(1)).gracesCancelled, 1);
        QCOMPARE(tracker.pendingGraces(), 0);
        QCOMPARE(tracker.room(requestOf(1).room)->connections, 1);
    }
    void seatIsInGraceWhileNoConnectionLives()
    {
        Tracker tracker(m_clock, {}, [this](const Tracker::Ended &end) { m_ended.push_back(end); });
        const MembershipRequest request = requestOf(1);
        MembershipRequest other = request;
        other.connection = ConnectionId(7);
        const auto graceEnd = [&] {
            return tracker.seat(request.room, request.member.user)->graceEnd;
        };
        QVERIFY(!tracker.join(request).wasInGrace);
        QVERIFY(!tracker.join(other).wasInGrace);
        QCOMPARE(graceEnd(), std::nullopt);
        tracker.lose(request.connection, request.room);
        QCOMPARE(graceEnd(), std::nullopt); // the other lives
        QVERIFY(tracker.leave(other.connection, other.room, LeaveReason::Left)->isInGrace);
        QCOMPARE(graceEnd(), std::optional(m_clock.now() + 15s));
        QVERIFY(tracker.join(other).wasInGrace);
        QCOMPARE(graceEnd(), std::nullopt);
        // Of two that are lost the later counts, and the end of the earlier is no news.
        tracker.join(request);
        tracker.lose(request.connection, request.room);
        m_clock.manual.advance(5s);
        tracker.lose(other.connection, request.room);
        QCOMPARE(graceEnd(), std::optional(m_clock.now() + 15s));
        m_clock.manual.advance(11s);
        QCOMPARE(m_ended.size(), size_t(1));
        QVERIFY(!m_ended.front().isInGrace && !m_ended.front().isLastOfUser);
        QCOMPARE(graceEnd(), std::optional(m_clock.now() + 4s));
        // The same connection comes back.
        QVERIFY(tracker.join(other).wasInGrace);
        QVERIFY(!tracker.join(other).wasInGrace);
    }
    void deviceAndRoleAreThoseOfTheLatestJoin()
    {
        Tracker tracker(m_clock, {}, [this](const Tracker::Ended &end) { m_ended.push_back(end); });
        MembershipRequest request = requestOf(1);
        request.device = "phone";
        QVERIFY(!tracker.join(request).isOtherDevice); // nothing to be written besides the join
        QVERIFY(!tracker.join(request).isOtherDevice);
        request.connection = ConnectionId(7);
        request.device = "laptop";
        QVERIFY(tracker.join(request).isOtherDevice);
        request.role = "mobile";
        QVERIFY(tracker.join(request).isOtherDevice);
        QVERIFY(!tracker.join(request).hasChanged);
        const auto seat = tracker.seat(request.room, request.member.user);
        QCOMPARE(seat->device, "laptop");
        QCOMPARE(seat->role, "mobile");
    }
    void whoIsActiveByAnEndedConnectionAloneIsAway()
    {
        Tracker tracker(m_clock, {}, [this](const Tracker::Ended &end) { m_ended.push_back(end); });
        MembershipRequest request = requestOf(1);
        tracker.join(request);
        request.connection = ConnectionId(7);
        request.member.state = MemberState::Away;
        QVERIFY(!tracker.join(request).hasChanged);
        const auto ended = tracker.leave(ConnectionId(2), request.room, LeaveReason::Left);
        QVERIFY(ended->hasChanged);
        QCOMPARE(tracker.seat(request.room, request.member.user)->member.state, MemberState::Away);
    }
};

QTEST_GUILESS_MAIN(tst_Tracker)
#include "tst_tracker.moc"

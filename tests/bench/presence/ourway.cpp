// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/ourway.h"

#include "bench/presence/benchnode.h"
#include "core/redis/redisclient.h"

#include <QCoreApplication>

namespace Rollcall::Bench {

namespace {

constexpr int kAtOnce = 1000;

} // namespace

OurWay::OurWay(const Crowd &crowd, const Presence::PresenceConfig &config, const QByteArray &name)
    : m_crowd(crowd)
    , m_name(name)
    , m_hub(redisConfig(redis), m_systemClock, m_metrics, "bench.1")
{
    // Hours ahead: while the other ways are measured this clock stands still, and Redis' must not
    // overtake it, or keys would expire that live in real time.
    m_clock.stepWall(std::chrono::milliseconds(m_systemClock.wallMs() - m_clock.wallMs())
                     + std::chrono::hours(6));
    startHub(m_hub);
    for (int room = 0; room < crowd.rooms; ++room)
        m_rooms.push_back(RoomId(roomName(room)));
    m_engine = std::make_unique<Presence::PresenceEngine>(config, m_clock, m_metrics, &m_hub,
                                                          NodeId("bench.1"));
    while (!m_engine->isFresh())
        advance();
}

void OurWay::advance()
{
    m_clock.advance(kTick);
    do {
        waitForReplies(*m_hub.client());
        QCoreApplication::processEvents(); // what the last reply brought about
    } while (m_hub.client()->commandsInFlight() > 0);
}

void OurWay::populate()
{
    // Entering takes one beat's time, so that the beats are spread over it.
    for (int tick = 0; tick < kTicksPerBeat; ++tick) {
        const int end = int(qint64(m_crowd.size()) * (tick + 1) / kTicksPerBeat);
        for (int person = int(qint64(m_crowd.size()) * tick / kTicksPerBeat); person < end;
             ++person) {
            MembershipRequest request;
            request.connection = ConnectionId(quint64(person) + 1);
            request.room = m_rooms[size_t(m_crowd.roomOf(person))];
            request.member.user = UserId(userName(person));
            request.member.displayName = "Somebody";
            request.member.avatar = "a17";
            m_engine->join(request, m_engine.get(), [](const RoomSnapshot &) {});
            if (person % kAtOnce == kAtOnce - 1)
                waitForReplies(*m_hub.client());
        }
        advance();
    }
}

void OurWay::tick(int first, int last)
{
    for (int person = first; person < last; ++person)
        m_engine->touch(ConnectionId(quint64(person) + 1), m_rooms[size_t(m_crowd.roomOf(person))]);
    advance();
}

quint64 OurWay::commands() const { return const_cast<RedisHub &>(m_hub).client()->commandsSent(); }

} // namespace Rollcall::Bench

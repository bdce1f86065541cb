// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/ourway.h"

#include "bench/presence/benchnode.h"
#include "bench/presence/pacer.h"
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
    m_clock.stepWall(std::chrono::milliseconds(m_systemClock.wallMs() - m_clock.wallMs()));
    startHub(m_hub);
    for (int room = 0; room < crowd.rooms; ++room)
        m_rooms.push_back(RoomId(roomName(room)));
    m_engine = std::make_unique<Presence::PresenceEngine>(config, m_clock, m_metrics, &m_hub,
                                                          NodeId("bench.1"));
    while (!m_engine->isFresh()) {
        pass(kTick);
        finish();
    }
}

void OurWay::populate()
{
    constexpr int kTicks = int(Pacer::kCycle / kTick);
    constexpr int kTicksPerBeat = int(kBeat / kTick);
    const auto firstOf = [this](int tick) { return int(qint64(m_crowd.size()) * tick / kTicks); };
    for (int tick = 0; tick < kTicks; ++tick) {
        for (int before = tick - kTicksPerBeat; before >= 0; before -= kTicksPerBeat) {
            for (int person = firstOf(before); person < firstOf(before + 1); ++person)
                beat(person);
        }
        for (int person = firstOf(tick); person < firstOf(tick + 1); ++person)
            enter(person);
        pass(kTick);
        finish();
    }
}

void OurWay::enter(int person)
{
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

void OurWay::beat(int person)
{
    m_engine->touch(ConnectionId(quint64(person) + 1), m_rooms[size_t(m_crowd.roomOf(person))]);
}

void OurWay::finish()
{
    do {
        waitForReplies(*m_hub.client());
        QCoreApplication::processEvents(); // what the last reply brought about
    } while (m_hub.client()->commandsInFlight() > 0);
}

quint64 OurWay::commands() const { return const_cast<RedisHub &>(m_hub).client()->commandsSent(); }

quint64 OurWay::writes() const
{
    return const_cast<RedisHub &>(m_hub).client()->statistics().writes;
}

void OurWay::check()
{
    if (m_hub.client()->statistics().connects != 1 || !m_engine->isFresh())
        qFatal("the connection to Redis was lost on the way");
    const RedisReply size = redis.command({"ZCARD", "presence:online"});
    const RedisReply keys =
        redis.command({"EVAL", "return #redis.call('KEYS', 'presence:user:*')", "0"});
    if (size.integer != m_crowd.size() || keys.integer != m_crowd.size())
        qFatal("Redis knows %lld people by %lld keys", size.integer, keys.integer);
    // While everybody entered on a busy machine, some may have.
    const double recreated = m_metrics.counter("presence_keys_recreated_total", "").Value();
    if (m_recreated && recreated > *m_recreated)
        qFatal("keys had vanished from Redis");
    m_recreated = recreated;
}

} // namespace Rollcall::Bench

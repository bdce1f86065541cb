// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/resyncnode.h"

#include "bench/presence/benchnode.h"
#include "core/edge/edgeconfig.h"
#include "core/redis/redisclient.h"

namespace Rollcall::Bench {

namespace {

constexpr int kAtOnce = 1000;

EdgeConfig edgeConfig()
{
    EdgeConfig config;
    config.port = 0;
    return config;
}

AuthConfig authConfig()
{
    AuthConfig config;
    config.secret = "bench-bench-bench-bench-bench-be";
    config.operatorSecret = "bench-operator-secret";
    return config;
}

Rooms::RoomsConfig roomsConfig(const Crowd &crowd)
{
    Rooms::RoomsConfig config;
    for (int i = 0; i < crowd.rooms; ++i) {
        RoomDefinition room;
        room.id = RoomId(roomName(i));
        room.name = roomName(i);
        config.rooms.push_back({room, {}});
    }
    return config;
}

} // namespace

ResyncNode::Started::Started(RedisHub &hub) { startHub(hub); }

ResyncNode::ResyncNode(const Crowd &crowd, const Presence::PresenceConfig &config)
    : m_crowd(crowd)
    , m_hub(redisConfig(redis), m_clock, m_metrics, "bench.1")
    , m_started(m_hub)
    , m_tokens(authConfig(), m_clock, &m_hub)
    , m_edge(edgeConfig(), m_clock, m_metrics, m_tokens)
    , m_engine(config, m_clock, m_metrics, &m_hub, NodeId("bench.1"))
    , m_directory(roomsConfig(crowd), m_engine, &m_hub, m_clock, m_metrics)
    , m_board(m_directory, m_engine, m_clock)
    , m_listApi(*m_edge.http(), m_directory, m_board, m_engine, NodeId("bench.1"), m_clock,
                m_metrics)
{
    if (!m_tokens.start() || !m_edge.listen())
        qFatal("the host does not start");
    m_directory.start();
    runUntil([this] { return m_engine.isFresh(); }, "the first synchronisation");
}

void ResyncNode::populate()
{
    for (int person = 0; person < m_crowd.size(); ++person) {
        MembershipRequest request;
        request.connection = ConnectionId(quint64(person) + 1);
        request.room = RoomId(roomName(m_crowd.roomOf(person)));
        request.dialect = Dialect::SocketIo; // six hours: nobody has to beat meanwhile
        request.member.user = UserId(userName(person));
        request.member.displayName = "Somebody";
        request.member.avatar = "a17";
        m_engine.join(request, this, [](const RoomSnapshot &) {});
        if (person % kAtOnce == kAtOnce - 1)
            waitForReplies(*m_hub.client());
    }
    runUntil(
        [this] {
            return redis.command({"ZCARD", "presence:online"}).integer == m_crowd.size();
        },
        "everybody's JOIN");
    waitForReplies(*m_hub.client());
}

ResyncNode::Took ResyncNode::resynchronize()
{
    const double before = metric("presence_resync_seconds_sum");
    Clock::SteadyTime begin;
    const auto connection =
        connect(&m_hub, &RedisService::up, this, [&] { begin = m_clock.now(); });
    m_hub.client()->reconnect(QStringLiteral("Redis lost its data (bench)"));
    runUntil([this] { return !m_engine.isFresh(); }, "the loss to be noticed");
    runUntil([this] { return m_engine.isFresh(); }, "the resync");
    const auto end = m_clock.now();
    disconnect(connection);
    const RedisReply count = redis.command({"ZCARD", "presence:online"});
    if (count.integer != m_crowd.size())
        qFatal("after the resync Redis knows %lld people", count.integer);
    return {std::chrono::duration<double>(metric("presence_resync_seconds_sum") - before),
            end - begin};
}

int ResyncNode::connections() const
{
    return int(const_cast<RedisHub &>(m_hub).client()->statistics().connects);
}

double ResyncNode::metric(const QByteArray &name)
{
    for (const QByteArray &line : m_metrics.render().split('\n')) {
        if (line.startsWith(name + ' '))
            return line.sliced(line.lastIndexOf(' ') + 1).toDouble();
    }
    qFatal("the node has no metric %s", name.constData());
    return 0;
}

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/driftmeter.h"

#include "core/redis/redisclient.h"
#include "core/services/redisservice.h"

#include <algorithm>

namespace Rollcall::Presence {

DriftMeter::DriftMeter(RedisService &redis, Clock &clock, Metrics &metrics, const NodeId &node,
                       Source source, QObject *parent)
    : QObject(parent)
    , m_redis(redis)
    , m_keys(redis, node)
    , m_source(std::move(source))
    , m_drift(metrics.gauge("presence_drift_memberships",
                            "Members this node holds minus members that Redis says it holds"))
    , m_rooms(metrics.gauge("presence_drift_rooms",
                            "Rooms in which this node and Redis do not agree on its members"))
    , m_timer(clock.createTimer([this] { look(); }))
{
    m_timer->startRepeating(kInterval);
}

int DriftMeter::drift() const
{
    int sum = 0;
    for (const Difference &difference : m_differences)
        sum += difference.counts() ? difference.users : 0;
    return sum;
}

void DriftMeter::look()
{
    if (m_unanswered > 0)
        return;
    if (!m_redis.isUp() || !m_source.isSettled()) {
        m_left.clear();
        return;
    }
    if (m_left.empty()) {
        beginRound();
        return;
    }
    // Those that differ are looked at each time, so that they count, or are forgotten, soon.
    std::vector<RoomId> rooms(m_differences.keyBegin(), m_differences.keyEnd());
    rooms.resize(std::min(rooms.size(), kRoomsPerLook));
    for (size_t i = 0; i < kRoomsPerLook && !m_left.empty(); ++i) {
        if (!std::ranges::count(rooms, m_left.back()))
            rooms.push_back(m_left.back());
        m_left.pop_back();
    }
    m_unanswered = rooms.size();
    for (const RoomId &room : rooms) {
        // Changes made before this are written before it: what RAM says now is what Redis should
        // answer.
        m_redis.client()->command(
            {"SCARD", m_keys.roomNode(room, m_keys.node())}, this,
            [this, room, users = m_source.users(room)](const RedisReply &reply) {
                --m_unanswered;
                if (reply.isOk()) {
                    Difference &difference = m_differences[room];
                    const int found = users - int(reply.integer);
                    difference.seen = found == difference.users ? difference.seen + 1 : 1;
                    difference.users = found;
                    if (found == 0)
                        m_differences.remove(room);
                }
                if (m_unanswered == 0)
                    publish();
            });
    }
}

/// Every room that this node holds, or holds by what Redis says.
void DriftMeter::beginRound()
{
    m_unanswered = 1;
    m_redis.client()->command({"SMEMBERS", m_keys.nodeRooms(m_keys.node())}, this,
                              [this](const RedisReply &reply) {
                                  m_unanswered = 0;
                                  if (!reply.isOk())
                                      return;
                                  QSet<RoomId> rooms;
                                  for (const RedisReply &room : reply.elements)
                                      rooms.insert(RoomId(room.text));
                                  for (const RoomId &room : m_source.rooms())
                                      rooms.insert(room);
                                  for (const RoomId &room : m_differences.keys())
                                      rooms.insert(room);
                                  m_left.assign(rooms.begin(), rooms.end());
                              });
}

void DriftMeter::publish()
{
    m_drift.Set(drift());
    const auto counts = [](const Difference &difference) { return difference.counts(); };
    m_rooms.Set(double(std::ranges::count_if(m_differences, counts)));
}

} // namespace Rollcall::Presence

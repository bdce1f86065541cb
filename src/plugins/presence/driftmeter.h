// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/metrics.h"
#include "plugins/presence/presencekeys.h"

#include <QHash>
#include <QObject>
#include <QSet>

#include <functional>
#include <memory>
#include <vector>

namespace Rollcall {
class RedisService;
struct RedisReply;
} // namespace Rollcall

namespace Rollcall::Presence {

/// Compares, a few rooms a second, how many members this node holds with how many Redis says it
/// holds.
///
/// A difference counts when the room shows the same one kConfirmations times in a row: a join that
/// is on its way is none. The metric is the sum over all rooms, right within one round (rooms /
/// kRoomsPerLook seconds).
class DriftMeter final : public QObject
{
    Q_OBJECT
public:
    /// What this node holds, by its RAM.
    struct Source
    {
        std::function<std::vector<RoomId>()> rooms;
        std::function<int(const RoomId &)> users;
        std::function<bool()>
            isSettled; ///< false: no comparison now (Redis is away, or written to anew)
    };
    static constexpr std::chrono::milliseconds kInterval{1000};
    static constexpr size_t kRoomsPerLook = 50;
    static constexpr int kConfirmations = 2;

    /// `redis` is configured; all must outlive this.
    DriftMeter(RedisService &redis, Clock &clock, Metrics &metrics, const NodeId &node,
               Source source, QObject *parent = nullptr);

    /// Members in RAM minus members in Redis.
    int drift() const;

private:
    struct Difference
    {
        int users = 0;
        int seen = 0; // times in a row

        bool counts() const { return users != 0 && seen >= kConfirmations; }
    };

    void look();
    void beginRound();
    void publish();

    RedisService &m_redis;
    PresenceKeys m_keys;
    Source m_source;
    prometheus::Gauge &m_drift;
    prometheus::Gauge &m_rooms;
    std::unique_ptr<ClockTimer> m_timer;
    std::vector<RoomId> m_left; // of this round
    QHash<RoomId, Difference> m_differences;
    size_t m_unanswered = 0;
};

} // namespace Rollcall::Presence

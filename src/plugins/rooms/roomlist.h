// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/metrics.h"
#include "core/services/httpservice.h"
#include "plugins/rooms/roomquery.h"

#include <QHash>

namespace Rollcall {
class PresenceService;
}

namespace Rollcall::Rooms {

class RoomBoard;

/// The answers of GET /rooms: bytes that are kept until the numbers change, and looked at at most
/// once per `interval`, when asked for.
class RoomList
{
public:
    RoomList(RoomBoard &board, PresenceService &presence, Clock &clock, Metrics &metrics);

    void setInterval(std::chrono::milliseconds interval) { m_interval = interval; }

    /// 200, or 304 when `ifNoneMatch` names what the client has.
    HttpResponse answer(const RoomQuery &query, const QByteArray &ifNoneMatch);
    /// Age and X-Rollcall-Stale, as every answer with occupancies has them.
    HttpHeaders freshnessHeaders() const;

private:
    void look();
    QByteArray render(const RoomQuery &query) const;

    RoomBoard &m_board;
    PresenceService &m_presence;
    Clock &m_clock;
    std::chrono::milliseconds m_interval{100};
    prometheus::Counter &m_renders;
    prometheus::Counter &m_answers;
    prometheus::Counter &m_notModified;

    std::optional<Clock::SteadyTime> m_lookedAt;
    std::vector<RoomStatus> m_rooms; // what the cached bytes show
    std::vector<RoomStatus> m_others;
    bool m_isStale = false;
    qint64 m_changedAtMs = 0;
    quint64 m_revision = 0;
    QByteArray m_run; // ETags of an earlier run of this host must not match
    QHash<QByteArray, QByteArray> m_bodies; // by RoomQuery::cacheKey()
    qsizetype m_cachedBytes = 0;
};

} // namespace Rollcall::Rooms

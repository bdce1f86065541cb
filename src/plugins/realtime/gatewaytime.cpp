// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
// The gateway's part that watches the time: pings, deadlines of authentication and of closing.
#include "plugins/realtime/drain.h"
#include "plugins/realtime/gateway.h"

#include <QAbstractEventDispatcher>

#include <utility>

namespace Rollcall::Realtime {

/// Sockets are written when the loop is about to wait; the edge, which does it, was there before.
void Gateway::watchTurns()
{
    QAbstractEventDispatcher *loop = QAbstractEventDispatcher::instance();
    if (!loop)
        return;
    connect(loop, &QAbstractEventDispatcher::aboutToBlock, this, [this] {
        if (m_turnBegan != TimerWheel::kNever)
            m_metrics.observeFanOut(m_clock.now() - std::exchange(m_turnBegan, TimerWheel::kNever));
    });
}

void Gateway::beginTurn()
{
    if (m_turnBegan == TimerWheel::kNever)
        m_turnBegan = m_clock.now();
}

void Gateway::reschedule(Connection &connection)
{
    const TimerWheel::Time next = connection.nextDeadline();
    if (next >= connection.scheduledAt)
        return;
    connection.scheduledAt = next;
    m_wheel.schedule(connection.id().value(), next);
}

TimerWheel::Time Gateway::handleDue(quint64 id, TimerWheel::Time now)
{
    const auto found = m_connections.find(ConnectionId(id));
    if (found == m_connections.end())
        return TimerWheel::kNever;
    Connection &connection = *found->second;
    if (connection.scheduledAt > now)
        return TimerWheel::kNever; // a left-over: a later entry has taken over
    for (;;) {
        switch (connection.overdue(now)) {
        case Connection::Overdue::Nothing:
            connection.scheduledAt = connection.nextDeadline();
            return connection.scheduledAt;
        case Connection::Overdue::Ping:
            ping(connection, now);
            break;
        case Connection::Overdue::Pong:
            end(connection, CloseCode::PingTimeout, LeaveReason::Lost);
            break;
        case Connection::Overdue::Auth:
            end(connection, CloseCode::AuthTimeout, LeaveReason::Lost);
            break;
        case Connection::Overdue::Close:
            connection.closeBy = now + m_config.closeDeadline;
            connection.session().abort();
            break;
        }
    }
}

void Gateway::ping(Connection &connection, TimerWheel::Time now)
{
    connection.session().ping();
    const bool isOn = m_config.pingInterval.count() > 0;
    connection.pingAt = isOn ? now + m_config.pingInterval : TimerWheel::kNever;
    if (m_config.pongDeadline.count() > 0 && connection.pongBy == TimerWheel::kNever)
        connection.pongBy = now + m_config.pongDeadline;
}

} // namespace Rollcall::Realtime

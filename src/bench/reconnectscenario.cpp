// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/reconnectscenario.h"

#include <cstdio>
#include <utility>

namespace Rollcall::Bench {

namespace {

Options reconnecting(Options options)
{
    options.reconnects = true;
    return options;
}

} // namespace

ReconnectScenario::ReconnectScenario(const Options &options)
    : Scenario(reconnecting(options))
    , m_awaySince(std::size_t(options.connections))
{ }

void ReconnectScenario::handleReady(Connection &connection)
{
    const Microseconds since =
        std::exchange(m_awaySince[std::size_t(connection.index)], Microseconds(0));
    if (since.count() == 0)
        return; // its first time
    m_lastBack = now();
    m_away.add(m_lastBack - since);
}

void ReconnectScenario::handleMessage(Connection &, std::string_view, ServerMessage kind,
                                      Microseconds time)
{
    m_seenLeaving += kind == ServerMessage::MemberLeft;
    if (kind != ServerMessage::Draining)
        return;
    if (m_asked++ == 0)
        m_firstAsked = time;
}

void ReconnectScenario::handleMoving(Connection &connection)
{
    ++m_moved;
    goAway(connection);
}

void ReconnectScenario::handleLost(Connection &connection) { goAway(connection); }

void ReconnectScenario::goAway(const Connection &connection)
{
    const Microseconds time = now();
    m_awaySince[std::size_t(connection.index)] = time;
    if (m_firstAway.count() == 0)
        m_firstAway = time;
}

void ReconnectScenario::execute()
{
    connectAll();
    std::fputs("rollcall-bench: all are in their rooms\n", stderr);
    beginMeasuring();
    runFor(m_options.seconds, "staying");
    endMeasuring();
    reportFailure();
}

void ReconnectScenario::report(Report &report)
{
    report.add("connections", "connections", m_options.connections);
    report.add("inTheirRooms", "in their rooms at the end", m_swarm.ready());
    report.add("asked", "asked to leave", m_asked);
    report.add("moved", "left because they were asked", m_moved);
    report.add("returned", "came back, somewhere", double(m_away.count()));
    report.add("seenLeaving", "member_left received", m_seenLeaving);
    report.add("refused", "refused by a host (429, 503, 4003)", m_swarm.refusals());
    const auto until = [this](Microseconds since) {
        return since.count() > 0 && m_lastBack > since ? seconds(m_lastBack - since) : 0;
    };
    report.add("secondsFromAsking", "from the first that was asked to the last that was back",
               until(m_firstAsked), "s", 3);
    report.add("secondsFromLoss", "from the first that was away to the last that was back",
               until(m_firstAway), "s", 3);
    reportLatency(report, m_away);
    reportUsage(report);
}

} // namespace Rollcall::Bench

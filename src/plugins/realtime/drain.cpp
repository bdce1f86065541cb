// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/drain.h"

#include "core/services/presenceservice.h"
#include "core/services/upgradeservice.h"

#include <QRandomGenerator>

#include <algorithm>
#include <utility>

namespace Rollcall::Realtime {

using namespace std::chrono_literals;

namespace {

constexpr auto kBatchInterval = 100ms;
// Of the window, and at most: nobody is asked to go before the other nodes know that this one
// drains.
constexpr double kHead = 0.05;
constexpr auto kLongestHead = 250ms;
// Of the window: the last who are asked to go still have time to arrive before it ends.
constexpr double kAskedWithin = 0.8;
// How long after they were asked to go they are closed, of the window and at most.
constexpr double kPatience = 0.1;
constexpr auto kLongestPatience = 1000ms;
constexpr QByteArrayView kWebSocketPath = "/ws";

std::chrono::milliseconds partOf(std::chrono::milliseconds window, double part)
{
    return std::chrono::milliseconds(qint64(double(window.count()) * part));
}

} // namespace

Drain::Drain(const RealtimeContext &context, std::vector<ConnectionId> connections,
             std::function<void()> finished)
    : m_context(context)
    , m_finished(std::move(finished))
    , m_nextNode(QRandomGenerator::global()->bounded(1 << 16))
    , m_startedAt(context.clock.now())
    , m_batchTimer(context.clock.createTimer([this] { closeDue(); }))
    , m_deadline(context.clock.createTimer([this] { finish(); }))
{
    for (const ConnectionId connection : connections)
        m_leavers.push_back({connection, 0ms});
}

void Drain::start()
{
    m_context.presence.beginDraining();
    if (m_leavers.empty())
        return finish();
    announce();
    const auto window = m_context.config.drainWindow;
    m_patience = std::min<std::chrono::milliseconds>(partOf(window, kPatience), kLongestPatience);
    m_deadline->startOnce(window + m_context.config.closeDeadline);
    m_batchTimer->startRepeating(kBatchInterval);
    closeDue();
}

void Drain::announce()
{
    const auto window = m_context.config.drainWindow;
    const auto first = std::min<std::chrono::milliseconds>(partOf(window, kHead), kLongestHead);
    const auto span = quint32((partOf(window, kAskedWithin) - first).count());
    for (Leaver &leaver : m_leavers) {
        leaver.due =
            first + std::chrono::milliseconds(QRandomGenerator::global()->bounded(span + 1));
        Connection *connection = m_context.connections.find(leaver.connection);
        if (!connection)
            continue;
        const QByteArray url = refugeOf(*connection);
        m_context.hub.send(*connection, DrainingEvent{leaver.due, url});
    }
    std::ranges::sort(m_leavers, std::greater(), &Leaver::due);
}

/// Where it should go: to the node that holds most of its room, else all of the room to the next
/// one.
QByteArray Drain::refugeOf(const Connection &connection)
{
    const auto membership = std::ranges::find_if(connection.memberships, &Membership::isMember);
    const RoomId room =
        membership == connection.memberships.end() ? RoomId() : RoomId(membership->room);
    if (const auto known = m_refuges.find(room); !room.isNull() && known != m_refuges.end())
        return known->second;
    const std::vector<OpenNode> nodes = m_context.presence.openNodes(room);
    QByteArray url;
    if (!nodes.empty()) {
        const OpenNode &node =
            nodes.front().users > 0 ? nodes.front() : nodes[m_nextNode++ % nodes.size()];
        url = webSocketUrl(node.publicUrl, kWebSocketPath);
    }
    if (!room.isNull())
        m_refuges.emplace(room, url);
    return url;
}

void Drain::closeDue()
{
    const auto elapsed = m_context.clock.now() - m_startedAt;
    while (!m_leavers.empty() && m_leavers.back().due + m_patience <= elapsed) {
        const ConnectionId id = m_leavers.back().connection;
        m_leavers.pop_back();
        if (Connection *connection = m_context.connections.find(id))
            m_context.connections.end(*connection, CloseCode::Drained, LeaveReason::Drained);
    }
    if (m_leavers.empty())
        m_batchTimer->stop();
}

void Drain::handleEmpty() { finish(); }

void Drain::finish()
{
    m_batchTimer->stop();
    m_deadline->stop();
    if (const auto finished = std::exchange(m_finished, {}))
        finished();
}

} // namespace Rollcall::Realtime

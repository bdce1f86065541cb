// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/drain.h"

#include <QRandomGenerator>

#include <algorithm>
#include <utility>

namespace Rollcall::Realtime {

using namespace std::chrono_literals;

namespace {

constexpr auto kBatchInterval = 100ms;

} // namespace

Drain::Drain(const RealtimeContext &context, std::vector<ConnectionId> connections,
             std::function<void()> finished)
    : m_context(context)
    , m_connections(std::move(connections))
    , m_finished(std::move(finished))
    , m_batchTimer(context.clock.createTimer([this] { closeSome(); }))
    , m_deadline(context.clock.createTimer([this] { finish(); }))
{ }

void Drain::start()
{
    if (m_connections.empty())
        return finish();
    announce();
    std::shuffle(m_connections.begin(), m_connections.end(), *QRandomGenerator::global());
    const auto window = m_context.config.drainWindow;
    const auto batches = size_t(std::max<qint64>(1, window / kBatchInterval));
    m_batch = (m_connections.size() + batches - 1) / batches;
    m_deadline->startOnce(window + m_context.config.closeDeadline);
    if (window < kBatchInterval)
        closeSome();
    else
        m_batchTimer->startRepeating(kBatchInterval);
}

void Drain::announce()
{
    const auto window = quint32(m_context.config.drainWindow.count());
    for (const ConnectionId id : m_connections) {
        Connection *connection = m_context.connections.find(id);
        if (!connection)
            continue;
        const std::chrono::milliseconds delay(QRandomGenerator::global()->bounded(window + 1));
        m_context.hub.send(*connection, DrainingEvent{delay, {}});
    }
}

void Drain::closeSome()
{
    for (size_t i = 0; i < m_batch && !m_connections.empty(); ++i) {
        const ConnectionId id = m_connections.back();
        m_connections.pop_back();
        if (Connection *connection = m_context.connections.find(id))
            m_context.connections.end(*connection, CloseCode::Drained, LeaveReason::Drained);
    }
    if (m_connections.empty())
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

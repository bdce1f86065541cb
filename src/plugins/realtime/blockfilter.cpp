// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/blockfilter.h"

#include "core/services/moderationservice.h"

#include <utility>

namespace Rollcall::Realtime {

BlockFilter::BlockFilter(const RealtimeContext &context, SendState sendState)
    : m_context(context)
    , m_sendState(std::move(sendState))
{
    if (!context.moderation)
        return;
    QObject::connect(context.moderation, &ModerationService::blocksChanged, &context.owner,
                     [this](const UserId &user) {
                         for (Connection *connection : m_context.connections.connectionsOf(user))
                             apply(*connection);
                     });
}

bool BlockFilter::isKnown(const Connection &connection) const
{
    return !m_context.moderation || connection.watched == connection.identity.user;
}

void BlockFilter::learn(Connection &connection, std::function<void()> done)
{
    release(connection);
    connection.watched = connection.identity.user;
    m_context.moderation->watchBlocks(
        connection.watched, &m_context.owner,
        [this, id = connection.id(), user = connection.watched, done = std::move(done)] {
            Connection *waiting = m_context.connections.find(id);
            if (!waiting || waiting->watched != user)
                return;
            apply(*waiting);
            done();
        });
}

void BlockFilter::release(Connection &connection)
{
    if (!connection.watched.isNull())
        m_context.moderation->unwatchBlocks(std::exchange(connection.watched, UserId()));
    connection.blocked.clear();
}

void BlockFilter::apply(Connection &connection)
{
    QSet<UserId> blocked = m_context.moderation->blockedBy(connection.identity.user);
    blocked.remove(connection.identity.user);
    if (connection.blocked == blocked)
        return;
    connection.blocked = blocked;
    for (const Membership &membership : connection.memberships) {
        if (membership.stage != Membership::Stage::Joined)
            continue;
        m_context.hub.enter(membership.room, connection, membership.isBatch, blocked);
        m_sendState(membership.room, connection.id());
    }
}

} // namespace Rollcall::Realtime

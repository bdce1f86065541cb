// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/othernodes.h"

#include "core/redis/redissubscriber.h"

#include <algorithm>

namespace Rollcall::Presence {

namespace {

// Anybody may publish: what is no node is forgotten with the next look at the leases.
constexpr qsizetype kMaxDraining = 1000;

} // namespace

OtherNodes::OtherNodes(StoreContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
{ }

void OtherNodes::start()
{
    m_context.redis.subscriber()->subscribe(m_context.keys.nodes(), this,
                                            [this](const QByteArray &, const QByteArray &node) {
                                                if (m_draining.size() < kMaxDraining)
                                                    m_draining.insert(NodeId(node));
                                            });
}

void OtherNodes::update(const std::vector<NodeState> &nodes)
{
    m_nodes = nodes;
    std::erase_if(m_nodes, [this](const NodeState &state) {
        return state.node == m_context.keys.node() || state.isDraining || state.publicUrl.isEmpty();
    });
    m_draining.removeIf([&nodes](const NodeId &node) {
        return std::ranges::find(nodes, node, &NodeState::node) == nodes.end();
    });
    m_updatedAt = m_context.clock.now();
}

std::vector<OpenNode> OtherNodes::open() const
{
    const auto age = m_context.clock.now() - m_updatedAt;
    std::vector<OpenNode> open;
    for (const NodeState &state : m_nodes) {
        if (state.left > age && !m_draining.contains(state.node))
            open.push_back({.node = state.node, .publicUrl = state.publicUrl, .users = 0});
    }
    return open;
}

} // namespace Rollcall::Presence

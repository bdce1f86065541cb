// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/presenceservice.h"
#include "plugins/presence/nodelease.h"

#include <QSet>

namespace Rollcall::Presence {

/// Which of the other nodes take clients: those whose lease runs, with a public URL, that have not
/// said that they drain.
class OtherNodes final : public QObject
{
    Q_OBJECT
public:
    explicit OtherNodes(StoreContext &context, QObject *parent = nullptr);

    /// Listens to nodes that begin to drain.
    void start();
    /// What the last LEASE showed.
    void update(const std::vector<NodeState> &nodes);
    /// All with 0 users.
    std::vector<OpenNode> open() const;

private:
    StoreContext &m_context;
    std::vector<NodeState> m_nodes; // with a URL and not draining
    QSet<NodeId> m_draining; // who said so since: sooner than its lease is seen
    Clock::SteadyTime m_updatedAt{};
};

} // namespace Rollcall::Presence

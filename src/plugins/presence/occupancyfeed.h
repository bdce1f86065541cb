// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/storecontext.h"

#include <QObject>

#include <unordered_map>

namespace Rollcall::Presence {

/// The channel rooms:events: counts of rooms that changed, collected and told to all nodes
/// together. A message is the node's id and then room and count in turns, one per line.
class OccupancyFeed final : public QObject
{
    Q_OBJECT
public:
    explicit OccupancyFeed(StoreContext &context, QObject *parent = nullptr);

    void start();
    void stop();
    /// This node has changed a room, and Redis told its count.
    void tell(const RoomId &room, int users);

Q_SIGNALS:
    /// From another node.
    void reported(const Rollcall::RoomId &room, int users);

private:
    void flush();
    void handleMessage(const QByteArray &message);

    StoreContext &m_context;
    std::unordered_map<RoomId, int> m_counts; // to be told
    std::unique_ptr<ClockTimer> m_timer;
};

} // namespace Rollcall::Presence

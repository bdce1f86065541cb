// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/member.h"

#include <optional>
#include <span>
#include <vector>

namespace Rollcall::Presence {

/// A message of the channel room:<r>:events. Its parts are lines, because ids hold no control
/// characters; only the last part, JSON or payloads, may hold anything.
struct RoomEvent
{
    enum class Kind {
        Join, ///< node, users, body (JSON)
        Restored, ///< node: after an outage it holds others than before, maybe many
        Update, ///< node, users, body (JSON)
        Leave, ///< node, users, reason
        Reap, ///< node (dead), users, reason
        Mark, ///< node (who asked), number
        Relay, ///< node, number (its sequence), payloads
        Evict, ///< node (who asks), users, reason
    };

    Kind kind = Kind::Mark;
    NodeId node;
    std::vector<UserId> users;
    LeaveReason reason = LeaveReason::Lost;
    quint64 number = 0;
    QByteArray body;
    std::vector<QByteArray> payloads;

    /// Nothing for what is not such a message.
    static std::optional<RoomEvent> parse(const QByteArray &message);

    static QByteArray relay(const NodeId &node, quint64 sequence,
                            std::span<const QByteArray> payloads);
    static QByteArray restored(const NodeId &node) { return "restored\n" + node.value(); }
    static QByteArray evict(const NodeId &node, const UserId &user, LeaveReason reason);
};

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/strongid.h"

#include <optional>

namespace Rollcall::Moderation {

/// What one node tells the others, on the channel `moderation:events`: JSON.
struct ModerationMessage
{
    enum class Kind { Kick, Ban, Mute, Block };

    Kind kind = Kind::Kick;
    NodeId node = {}; ///< who says it
    RoomId room = {}; ///< not of a block
    UserId user = {};
    UserId blocked = {}; ///< of a block
    bool isBlocked = false; ///< of a block
    qint64 untilMs = 0; ///< of a ban or mute; in the past: lifted
    QByteArray reason = {};

    QByteArray toJson() const;
    /// Nothing for what is not such a message.
    static std::optional<ModerationMessage> parse(const QByteArray &json);
};

} // namespace Rollcall::Moderation

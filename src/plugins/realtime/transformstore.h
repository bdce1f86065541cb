// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/member.h"

#include <QObject>

#include <functional>
#include <utility>
#include <vector>

namespace Rollcall::Realtime {

/// Where the latest places of a room's members are kept for the other nodes.
class TransformStore
{
public:
    using Places = std::vector<std::pair<UserId, Transform>>;

    virtual ~TransformStore();

    /// A member of this node has moved. Written soon, the latest only.
    virtual void noteMoved(const RoomId &room, const UserId &user, const Transform &transform) = 0;
    /// The user is no member any more.
    virtual void forget(const RoomId &room, const UserId &user) = 0;
    /// Nobody of this node is in the room any more.
    virtual void forgetRoom(const RoomId &room) = 0;
    /// What is known, within a deadline; nothing after it, or when `context` has died.
    virtual void read(const RoomId &room, QObject *context,
                      std::function<void(const Places &)> done) = 0;
};

} // namespace Rollcall::Realtime

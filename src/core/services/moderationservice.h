// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/strongid.h"

#include <QObject>
#include <QSet>

#include <chrono>

namespace Rollcall {

/// Bans, mutes and blocks, on all nodes. A room of "*" means everywhere.
class ROLLCALL_CORE_EXPORT ModerationService : public QObject
{
    Q_OBJECT
public:
    static constexpr const char *kServiceName = "ModerationService";
    using QObject::QObject;

    virtual bool isBanned(const RoomId &room, const UserId &user) const = 0;
    virtual bool isMuted(const RoomId &room, const UserId &user) const = 0;
    /// Whom `user` does not want to see.
    virtual QSet<UserId> blockedBy(const UserId &user) const = 0;

    /// `duration` 0 lifts it.
    virtual void ban(const RoomId &room, const UserId &user, std::chrono::milliseconds duration) = 0;
    virtual void mute(const RoomId &room, const UserId &user, std::chrono::milliseconds duration) = 0;
    virtual void kick(const RoomId &room, const UserId &user, const QString &reason) = 0;
    virtual void setBlocked(const UserId &user, const UserId &blocked, bool isBlocked) = 0;

Q_SIGNALS:
    void userBanned(const Rollcall::RoomId &room, const Rollcall::UserId &user);
    void userMuted(const Rollcall::RoomId &room, const Rollcall::UserId &user);
    void blocklistChanged(const Rollcall::UserId &user);
};

} // namespace Rollcall

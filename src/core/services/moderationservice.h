// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"
#include "core/base/strongid.h"

#include <QObject>
#include <QSet>

#include <chrono>
#include <functional>

namespace Rollcall {

/// What an operator decides about a user in a room.
struct Sanction
{
    static constexpr std::chrono::milliseconds kForever = std::chrono::milliseconds::max();

    RoomId room; ///< "*": everywhere
    UserId user;
    std::chrono::milliseconds duration = kForever; ///< 0 lifts it; of no meaning for a kick
    QByteArray reason = {}; ///< for the user; UTF-8, may be empty
};

/// Bans, mutes and blocks, on all nodes. Provided by the moderation plugin.
///
/// Questions are answered from RAM. Commands take effect here at once and on the other nodes as
/// soon as Redis passes them on; `done` (may be empty) runs once they are kept, or with
/// Unavailable while Redis does not answer, when nothing was changed.
class ROLLCALL_CORE_EXPORT ModerationService : public QObject
{
    Q_OBJECT
public:
    static constexpr const char *kServiceName = "ModerationService";
    using Done = std::function<void(const Result<void> &)>;
    using QObject::QObject;

    /// Here or everywhere.
    virtual bool isBanned(const RoomId &room, const UserId &user) const = 0;
    virtual bool isMuted(const RoomId &room, const UserId &user) const = 0;

    /// Whom `user` does not want to see. Known of users that are watched.
    virtual QSet<UserId> blockedBy(const UserId &user) const = 0;
    /// Learns whom the user blocks, and keeps it current until unwatchBlocks() was called as
    /// often. `done` runs once it is known, or after the deadline; at once if it is known
    /// already; not when `context` died.
    virtual void watchBlocks(const UserId &user, QObject *context, std::function<void()> done) = 0;
    virtual void unwatchBlocks(const UserId &user) = 0;

    virtual void ban(const Sanction &sanction, QObject *context, Done done) = 0;
    virtual void mute(const Sanction &sanction, QObject *context, Done done) = 0;
    virtual void kick(const Sanction &sanction, QObject *context, Done done) = 0;
    /// Errors: Conflict (too many), Unavailable.
    virtual void setBlocked(const UserId &user, const UserId &blocked, bool isBlocked,
                            QObject *context, Done done) = 0;

Q_SIGNALS:
    // On every node, where an operator's decision has become known. Not when one is lifted.
    void userKicked(const Rollcall::RoomId &room, const Rollcall::UserId &user,
                    const QByteArray &reason);
    void userBanned(const Rollcall::RoomId &room, const Rollcall::UserId &user,
                    const QByteArray &reason);
    void userMuted(const Rollcall::RoomId &room, const Rollcall::UserId &user,
                   const QByteArray &reason);
    /// Of a watched user.
    void blocksChanged(const Rollcall::UserId &user);
};

} // namespace Rollcall

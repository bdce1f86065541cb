// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"
#include "core/base/strongid.h"
#include "core/protocol/member.h"

#include <QObject>

#include <functional>
#include <vector>

namespace Rollcall {

/// A room as it is defined. Texts are UTF-8.
struct RoomDefinition
{
    RoomId id;
    QByteArray name;
    QByteArray theme;
    QByteArray region;
    RoomKind kind = RoomKind::Room;
    bool isPrivate = false;
    int capacity = 0; ///< distinct users; 0: unlimited
};

/// A user who wants to enter a room.
struct AdmissionRequest
{
    RoomId room;
    RoomKind kind = RoomKind::Room;
    UserId user;
    QByteArray reservation; ///< `jti` of a realtimeToken, or empty
};

/// Which rooms there are, and who gets a seat. Provided by the rooms plugin.
class ROLLCALL_CORE_EXPORT RoomDirectory : public QObject
{
    Q_OBJECT
public:
    static constexpr const char *kServiceName = "RoomDirectory";
    using AdmissionCallback = std::function<void(const Result<void> &)>;
    using QObject::QObject;

    /// Null when there is no such room. Valid until the next change of the directory.
    virtual const RoomDefinition *find(const RoomId &room) const = 0;
    virtual std::vector<RoomDefinition> rooms() const = 0;

    /// Decides whether the user may enter: the room exists (or `rooms.autoCreate`, or is a page or
    /// group), the user is not blocked, and members plus unexpired reservations, as distinct users,
    /// stay below the capacity; who is already counted needs no new seat. On success a seat is held
    /// until the user's membership takes it over or it expires. Errors: RoomNotFound, RoomFull,
    /// Blocked. Answers from RAM when Redis does not. `done` may run before admit() returns; it
    /// does not run after `context` died.
    virtual void admit(const AdmissionRequest &request, QObject *context,
                       AdmissionCallback done) = 0;

Q_SIGNALS:
    void roomOpened(const Rollcall::RoomId &room);
    void roomChanged(const Rollcall::RoomId &room);
    void roomClosed(const Rollcall::RoomId &room);
};

} // namespace Rollcall

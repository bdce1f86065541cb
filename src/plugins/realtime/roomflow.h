// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/presenceservice.h"
#include "plugins/realtime/blockfilter.h"
#include "plugins/realtime/realtimecontext.h"
#include "plugins/realtime/roomannouncer.h"

namespace Rollcall::Realtime {

/// The way of connections into rooms and out again: identity, admission, presence, `room_state`;
/// and what presence says about the members of rooms, to the connections in them.
class RoomFlow
{
public:
    explicit RoomFlow(const RealtimeContext &context);

    /// Answers with room_state, auth_error or error.
    void join(Connection &connection, const JoinMessage &message);
    /// A membership that had expired is wanted again; the identity is still good.
    void rejoin(Connection &connection, Membership &membership);
    /// Ends a membership without grace. Unknown rooms are ignored.
    void leave(Connection &connection, const RoomId &room, LeaveReason reason = LeaveReason::Left);
    void refreshToken(Connection &connection, const QByteArray &token);
    /// Says auth_error (or error, if tokens cannot be checked right now). Who was nobody before has
    /// until the deadline to do better.
    void refuse(Connection &connection, const Error &error, QByteArrayView event);

    /// The room is no more: its members here are out, their connections with them.
    void closeRoom(const RoomId &room);
    /// The connection gets nothing of the room any more.
    void leaveHub(Connection &connection, const RoomId &room);

    BlockFilter &blocks() { return m_blocks; }

private:
    struct Attempt
    {
        ConnectionId connection;
        RoomId room;
        quint32 number;
    };
    void connectPresence();
    void enter(Connection &connection, Membership &membership, const Identity &identity);
    /// Null when the attempt is of no interest any more.
    std::pair<Connection *, Membership *> find(const Attempt &attempt);
    void handleAdmission(const Attempt &attempt, const Identity &identity,
                         const Result<void> &admission);
    void makeRoom(Connection &connection, const RoomId &room, const Identity &identity);
    void handleEntered(const Attempt &attempt, const RoomSnapshot &snapshot);
    void findPlaces(const Attempt &attempt, const RoomSnapshot &snapshot);
    void settle(const Attempt &attempt, const RoomSnapshot &snapshot,
                const TransformStore::Places &places);
    void replaceOlder(const Connection &connection, const RoomId &room);
    void handleDeviceEntered(const RoomId &room, const DeviceEntry &entry);
    /// To those of the connections that are in the room.
    void sendStates(const RoomId &room, std::span<const ConnectionId> connections);
    void sendState(Connection &connection, const Membership &membership,
                   const RoomSnapshot &snapshot);
    void sendState(std::span<Recipient *const> recipients, Dialect dialect, bool isNumericRoom,
                   const RoomSnapshot &snapshot, std::span<const Member> members);
    void handleMembershipEnded(ConnectionId id, const RoomId &room, LeaveReason reason);
    void handleMemberLeft(const RoomId &room, const UserId &user, LeaveReason reason);

    RealtimeContext m_context;
    RoomAnnouncer m_announcer;
    BlockFilter m_blocks;
};

} // namespace Rollcall::Realtime

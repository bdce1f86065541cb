// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/endofturn.h"
#include "core/protocol/serverevent.h"
#include "plugins/realtime/framebuffer.h"
#include "plugins/realtime/idmap.h"
#include "plugins/realtime/realtimeconfig.h"
#include "plugins/realtime/realtimemetrics.h"
#include "plugins/realtime/turnlog.h"

#include <QSet>

#include <array>
#include <functional>
#include <unordered_map>
#include <vector>

namespace Rollcall::Realtime {

/// The fan-out of a node: which connections are in a room, and the latest movement of its members.
/// No sockets inside.
///
/// An event is encoded once per dialect that has a recipient. Those who get the same as everybody
/// read it in the room's TurnLog and are sent their slice at the end of the loop turn; batch
/// clients, those who block somebody, those the network makes wait, and connections in a second
/// room get it appended to their out-buffers.
///
/// Recipients are borrowed and must leave() before they die. Nobody is closed here: whoever does
/// not read is reported through the slow handler, later, from the event loop.
class Hub
{
public:
    /// `config` and `metrics` are borrowed; the config may change.
    Hub(Clock &clock, const RealtimeConfig &config, RealtimeMetrics &metrics);
    ~Hub();

    /// Called for each connection that went above the close mark.
    void setSlowHandler(std::function<void(ConnectionId)> handler)
    {
        m_slowHandler = std::move(handler);
    }

    /// `isBatch`: movement arrives as one frame per interval. `blocked`: whose movement and events
    /// do not reach this recipient. Entering again changes both.
    void enter(const RoomId &room, Recipient &recipient, bool isBatch,
               const QSet<UserId> &blocked = {});
    void leave(const RoomId &room, Recipient &recipient);
    bool contains(const RoomId &room, ConnectionId connection) const;
    bool hasRecipients(const RoomId &room) const { return m_rooms.contains(room); }
    std::vector<ConnectionId> recipients(const RoomId &room) const;

    /// To one connection, in whatever room.
    void send(Recipient &recipient, const ServerEvent &event);
    /// To some, in whatever rooms.
    void send(std::span<Recipient *const> recipients, const ServerEvent &event);
    /// To everyone in the room.
    void broadcast(const RoomId &room, const ServerEvent &event);
    /// To everyone in the room who does not block the user that it is about.
    void broadcast(const RoomId &room, const ServerEvent &event, const UserId &about);
    /// To everyone in the room who blocks nobody. The others are left to `toBlocking`.
    using ToBlocking = std::function<void(Recipient &, const QSet<UserId> &blocked)>;
    void broadcast(const RoomId &room, const ServerEvent &event, const ToBlocking &toBlocking);
    /// To everyone in the room but `origin` (0 when it came from another node), as soon as each
    /// wants it.
    void move(const RoomId &room, const UserId &user, const Transform &transform,
              ConnectionId origin);

    /// Where the user was last seen; the origin if never.
    Transform latest(const RoomId &room, const UserId &user) const;
    /// Learns of a place without telling anyone, unless something newer is known.
    void remember(const RoomId &room, const UserId &user, const Transform &transform);
    /// The user is no member any more: movement that is still on its way out is dropped.
    void forget(const RoomId &room, const UserId &user);

    /// The connection's out-buffer is empty again: movement that was held back goes out, the latest
    /// of each user.
    void resume(Recipient &recipient);

    /// Sends what the rooms' logs hold. Happens by itself at the end of the loop turn.
    void flush();

private:
    struct Place
    {
        Transform transform;
        ConnectionId origin;
        bool isInTick = false;
        bool isInBatch = false;
    };
    struct Seat
    {
        Recipient *recipient;
        bool isBatch;
        QSet<UserId> blocked;

        bool hides(const UserId &user) const
        {
            return !blocked.isEmpty() && blocked.contains(user);
        }
    };
    struct Room
    {
        Room(const RoomId &room, TurnBuffers &buffers)
            : id(room)
            , log(buffers)
        { }

        RoomId id;
        TurnLog log;
        DialectCodec *logCodec = nullptr; ///< of all readers
        std::vector<Seat> seats; ///< of those who do not read in the log
        IdMap<UserId, Place> places;
        std::vector<UserId> movedInTick;
        std::vector<UserId> movedInBatch;
        int batchSeats = 0;
        int blockingSeats = 0; ///< 0: nobody is asked whom they block
    };
    using HeldBack = std::unordered_map<RoomId, std::vector<UserId>>;

    static bool mayRead(const Room &room, const Recipient &recipient);
    void read(Room &room, Recipient &recipient);
    void readAgain(Recipient &recipient);
    void setAside(const RoomId &room, ConnectionId connection);
    void forgetAside(const RoomId &room, ConnectionId connection);
    void log(Room &room, const ServerEvent &event, ConnectionId author = {});
    void flush(Room &room);

    std::span<const char> encoded(DialectCodec &codec, const ServerEvent &event);
    void forgetEncoded() { m_encoded = {}; }
    bool deliver(Recipient &recipient, std::span<const char> frame);
    static bool isAbove(Recipient &recipient, size_t mark);
    bool isTooSlow(Recipient &recipient);
    void deliverMovement(Room &room, const UserId &user, const Place &place);
    void holdBack(Recipient &recipient, const RoomId &room, const UserId &user);
    void sendHeldBack(Recipient &recipient);
    void sendTick();
    void sendBatches();
    void sendBatch(const RoomId &id, Room &room);
    void reportSlow();

    Clock &m_clock;
    const RealtimeConfig &m_config;
    RealtimeMetrics &m_metrics;
    std::function<void(ConnectionId)> m_slowHandler;

    TurnBuffers m_turnBuffers;
    IdMap<RoomId, Room> m_rooms;
    std::vector<Room *> m_unsent; ///< whose logs hold something
    /// Where those who could read in a log are not: they wait, or read in another one.
    std::unordered_map<ConnectionId, std::vector<RoomId>> m_aside;
    EndOfTurn m_endOfTurn;
    std::unordered_map<ConnectionId, HeldBack> m_heldBack; ///< only of slow connections
    std::vector<ConnectionId> m_slow;
    std::vector<RoomId> m_tickRooms;
    std::vector<RoomId> m_batchRooms;
    std::unique_ptr<ClockTimer> m_tickTimer;
    std::unique_ptr<ClockTimer> m_batchTimer;
    std::unique_ptr<ClockTimer> m_slowTimer;

    struct Encoded
    {
        bool isDone = false;
        std::span<const char> frame; ///< empty: the dialect does not say it
    };
    std::array<Encoded, 4> m_encoded{}; ///< of the event that is being sent, by Dialect
    std::array<FrameBuffer, 4> m_buffers;
    std::vector<EncodedCut> m_cuts;
};

} // namespace Rollcall::Realtime

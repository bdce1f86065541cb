// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/redisbatch.h"
#include "core/redis/redisclient.h"
#include "plugins/presence/onlineregister.h"
#include "plugins/presence/seatcommands.h"

#include <QSet>

#include <unordered_map>
#include <unordered_set>

namespace Rollcall::Presence {

class HeartbeatFlush;
class OccupancyFeed;
class RoomChannels;
class SeatWriter;

/// Writes many seats of one room after an outage, at a fraction of what as many JOINs cost: CLAIM
/// puts them all into the room's sets, so that REAP finds them whatever becomes of the rest; plain
/// commands write what each has of their own; at the end all are entered in presence:online.
///
/// A node that is reaped meanwhile hears from LEASE that it was, and begins anew.
///
/// What others wrote of a user is kept where it is newer. A key of somebody else's makes Redis
/// refuse the command; such a seat takes the way of JOIN, which names the key, and is taken out
/// again if that is refused too.
class SeatRestorer final : public QObject
{
    Q_OBJECT
public:
    /// So many of the seats were held and are written, or will be tried again.
    using Done = std::function<void(size_t seats)>;
    /// At most so many seats at once: Redis does nothing else during a CLAIM.
    static constexpr size_t kMostSeats = 100;

    SeatRestorer(StoreContext &context, const SeatSource &source, RoomChannels &channels,
                 HeartbeatFlush &flush, OccupancyFeed &occupancies, SeatWriter &writer,
                 QObject *parent = nullptr);

    /// A resync begins.
    void prepare();
    /// Those of the users who are held in the room now; returns the others. `isLast`: when all that
    /// was said of this room is written it is complete, and the other nodes load it. `done` runs
    /// when all is answered, not after stop().
    std::vector<UserId> restore(const RoomId &room, const std::vector<UserId> &users, bool isLast,
                                Done done);
    /// The user, in any room.
    void noteLeave(const UserId &user) { m_departures.note(user); }
    /// Those who were restored: they come online. `done` does not run after stop().
    void enterOnline(std::function<void()> done) { m_online.enter(std::move(done)); }
    /// The seat was being written when the connection was lost: that it stands in the node's set
    /// does not say that the rest does, or that the user is online.
    bool isUnconfirmed(const RoomId &room, const UserId &user) const;
    /// What was unconfirmed has been written.
    void forgetUnconfirmed() { m_unconfirmed.clear(); }
    void stop();

private:
    /// A seat on its way.
    struct Entry
    {
        UserId user;
        QByteArray name; // in sets
        QByteArray device = {};
        qint64 heartbeat = 0; // s
        qint64 deadline = 0; // ms, Redis' time
        bool isOut = false; // left, or written by JOIN
        bool hasDeadline = false; // the user's key
        bool mayPass = false; // the meta hash: it may have a deadline
    };
    /// A command on its way.
    struct Sent
    {
        size_t entry = 0;
        SeatCommands::Key key = SeatCommands::Key::User;
        bool isNew = false; // only where there is no such key
    };
    struct Call
    {
        RoomId room;
        std::vector<Entry> entries;
        size_t seats = 0;
        size_t unanswered = 1; // itself, and seats that JOIN writes
        std::vector<Sent> sent;
        std::optional<bool> isClaimed;
        std::optional<std::vector<RedisReply>> replies; // to what was sent
        Done done;
    };
    struct Room
    {
        int calls = 0; // on their way
        bool isLastSaid = false;
    };
    using CallPointer = std::shared_ptr<Call>; // shared by the callbacks of its commands

    void claim(const CallPointer &call);
    void addOwn(Call &call, SeatCommands &commands, const std::vector<SeatRecord> &seats,
                const SeatRecord &seat);
    void addDeadlines(const Call &call, RedisBatch &batch) const;
    void sendOwn(const CallPointer &call, const RedisBatch &batch);
    void handleAnswer(const CallPointer &call);
    void handleOwn(const CallPointer &call);
    void writeAgain(const CallPointer &call, std::vector<Sent> taken);
    void refuse(const CallPointer &call, Entry &entry);
    void confirm(const CallPointer &call);
    bool writeLives(const CallPointer &call);
    void joinRefused(const UserId &user);
    void prolong(RedisBatch &batch, const RoomId &room, const Entry &entry);
    void joinInstead(const CallPointer &call, const UserId &user);
    void finish(const CallPointer &call);
    void announce(const RoomId &room);

    StoreContext &m_context;
    const SeatSource &m_source;
    RoomChannels &m_channels;
    HeartbeatFlush &m_flush;
    OccupancyFeed &m_occupancies;
    SeatWriter &m_writer;
    Departures m_departures;
    OnlineRegister m_online;
    std::unordered_set<CallPointer> m_calls; // on their way
    std::unordered_map<RoomId, Room> m_rooms; // that are not complete
    QSet<std::pair<RoomId, UserId>> m_unconfirmed;
    QSet<RoomId> m_unannounced; // the other nodes may not know what was written there
    RedisBatch m_own; // of the call that is put together
    bool m_expectsNone = true; // of the keys to be there already
};

} // namespace Rollcall::Presence

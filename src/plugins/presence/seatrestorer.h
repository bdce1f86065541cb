// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/redisclient.h"
#include "plugins/presence/presencestore.h"
#include "plugins/presence/storecontext.h"

#include <QSet>

#include <unordered_map>
#include <unordered_set>

namespace Rollcall {
class RedisBatch;
} // namespace Rollcall

namespace Rollcall::Presence {

class HeartbeatFlush;
class OccupancyFeed;
class RoomChannels;
class SeatWriter;

/// Writes many seats of one room after an outage, at a fraction of what as many JOINs cost: RESTORE
/// claims them all for this node, so that REAP finds them whatever becomes of the rest; plain
/// commands write what each has of their own; RESTORE again confirms, and says who came online.
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
    /// At most so many seats at once: Redis does nothing else during a RESTORE.
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
    /// The seat was being written when the connection was lost: that it stands in the node's set
    /// does not say that the rest does.
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
        bool isAnnounced = false; // with another seat
        qint64 heartbeat = 0; // s
        qint64 deadline = 0; // ms, Redis' time
    };
    struct Call
    {
        RoomId room;
        std::vector<Entry> entries;
        size_t seats = 0;
        size_t unanswered = 1; // itself, and seats that JOIN writes
        Done done;
    };
    struct Room
    {
        int calls = 0; // on their way
        bool isLastSaid = false;
    };
    using CallPointer = std::shared_ptr<Call>; // shared by the callbacks of its commands

    enum class Stage { Claim, Confirm };
    void runScript(const CallPointer &call, const std::vector<const Entry *> &entries, Stage stage,
                   RedisCallback callback);
    void claim(const CallPointer &call);
    void writeOwn(const CallPointer &call);
    void handleOwn(const CallPointer &call, const std::vector<RedisReply> &replies);
    void confirm(const CallPointer &call, const std::vector<Entry> &offline);
    void prolong(RedisBatch &batch, const RoomId &room, const Entry &entry);
    void joinInstead(const CallPointer &call, const UserId &user, bool isWritten);
    void finish(const CallPointer &call);
    void announce(const RoomId &room);

    StoreContext &m_context;
    const SeatSource &m_source;
    RoomChannels &m_channels;
    HeartbeatFlush &m_flush;
    OccupancyFeed &m_occupancies;
    SeatWriter &m_writer;
    std::unordered_set<CallPointer> m_calls; // on their way
    std::unordered_map<RoomId, Room> m_rooms; // that are not complete
    QSet<std::pair<RoomId, UserId>> m_unconfirmed;
    QSet<RoomId> m_unannounced; // the other nodes may not know what was written there
    QSet<UserId> m_announced; // since the resync began, of those with several seats
};

} // namespace Rollcall::Presence

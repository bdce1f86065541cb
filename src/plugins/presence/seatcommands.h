// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/redishashdump.h"
#include "plugins/presence/presencestore.h"
#include "plugins/presence/storecontext.h"

#include <span>

namespace Rollcall {
class RedisBatch;
struct RedisReply;
} // namespace Rollcall

namespace Rollcall::Presence {

/// Writes what a seat has of its own, in plain commands, one for each key. For the seats of one
/// room: what they share is put together once.
class SeatCommands
{
public:
    enum class Key {
        User, ///< presence:<member>
        Json, ///< room:<r>:user:<u>
        Meta, ///< presence:meta:<u>
    };
    struct Seat
    {
        const SeatRecord &record;
        const SeatRecord &latest; ///< the seat that the user took last, in any room
        QByteArrayView name; ///< of the member in sets
    };

    SeatCommands(const StoreContext &context, const RoomId &room);

    /// Those of this profile.
    std::span<const Key> keys() const;
    /// Where there is no such key; that of the user with its deadline (ms, Redis' time).
    void create(RedisBatch &batch, Key key, const Seat &seat, qint64 deadline);
    static bool isCreated(Key key, const RedisReply &reply);
    /// Whether or not there is one: what others wrote stays. The user's key gets no deadline. The
    /// reply is an error if the key is somebody else's.
    void write(RedisBatch &batch, Key key, const Seat &seat) const;
    /// Did the meta hash exist before it was written, perhaps with a deadline?
    static bool hasExisted(Key key, const RedisReply &reply);
    /// PEXPIREAT with this option, in Redis' time.
    void writeLife(RedisBatch &batch, QByteArrayView name, qint64 deadline,
                   QByteArrayView option) const;

private:
    template <typename Add>
    void addUserFields(const Seat &seat, Add add) const;
    template <typename Add>
    void addMetaFields(const Seat &seat, Add add) const;
    RedisBatch &beginJson(RedisBatch &batch, const Seat &seat) const;

    const StoreContext &m_context;
    bool m_isLean;
    QByteArray m_users;
    QByteArray m_metas;
    QByteArray m_roomUsers;
    QByteArray m_life;
    RedisHashDump m_dump;
};

} // namespace Rollcall::Presence

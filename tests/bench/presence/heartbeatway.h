// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "support/testredis.h"

#include <chrono>

namespace Rollcall::Bench {

/// Who is where: rooms times members, everybody in one room. People who beat one after another are
/// in different rooms: those of one room know nothing of each other's timers.
struct Crowd
{
    int rooms = 0;
    int members = 0; ///< of each room

    int size() const { return rooms * members; }
    int roomOf(int person) const { return person % rooms; }
};

constexpr std::chrono::milliseconds kTick{250};
constexpr std::chrono::seconds kBeat{15};
constexpr std::chrono::seconds kTtl{75}; ///< the default of the rooms dialect

inline QByteArray userName(int person) { return "user-" + QByteArray::number(1'000'000 + person); }
inline QByteArray roomName(int room) { return "room-" + QByteArray::number(10'000 + room); }

/// One way to keep people's presence in Redis. Each has a redis-server of its own.
class HeartbeatWay
{
public:
    virtual ~HeartbeatWay() = default;
    virtual QByteArray name() const = 0;
    /// Everybody enters.
    virtual void populate() = 0;
    /// Somebody's heartbeat has arrived.
    virtual void beat(int person) = 0;
    /// So much time has gone by. The event loop runs after it.
    virtual void pass(std::chrono::milliseconds /*time*/) { }
    /// Returns when every reply is in.
    virtual void finish() { }
    /// Commands, and writes to the socket, so far.
    virtual quint64 commands() const = 0;
    virtual quint64 writes() const = 0;
    /// Aborts if Redis does not hold what it should, or the connection was lost on the way.
    virtual void check() { }

    TestRedis redis;
};

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "support/testredis.h"

#include <chrono>

namespace Rollcall::Bench {

/// Who is where: rooms times members, everybody in one room.
struct Crowd
{
    int rooms = 0;
    int members = 0; ///< of each room

    int size() const { return rooms * members; }
    int roomOf(int person) const { return person / members; }
};

constexpr std::chrono::milliseconds kTick{250};
constexpr std::chrono::seconds kBeat{15};
constexpr int kTicksPerBeat = int(kBeat / kTick);
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
    /// 250 ms go by, in which persons first .. last - 1 beat. Returns when every reply is in.
    virtual void tick(int first, int last) = 0;
    /// How many beats of everybody make a round.
    virtual int beatsPerRound() const = 0;
    /// Commands written so far.
    virtual quint64 commands() const = 0;

    TestRedis redis;
};

} // namespace Rollcall::Bench

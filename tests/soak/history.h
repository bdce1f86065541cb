// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/time.h"
#include "soak/wire.h"

#include <set>
#include <unordered_map>
#include <vector>

namespace Rollcall::Soak {

using Time = Bench::Microseconds;
constexpr Time kNever{-1};

/// One user's time in a room, from its join to its leave or the end of its connection: what it did
/// there, and what it was told there.
struct Stay
{
    int user = kNobody;
    int room = kNobody;
    int node = 0;
    int connection = 0; ///< the user's first, second ...
    Time joinSentAt = kNever;
    Time enteredAt = kNever; ///< its room_state came
    Time leftAt = kNever; ///< it left, changed rooms, was cut, or read for the last time
    bool isLost = false; ///< ended without a leave: its seat is kept for the grace
    Time slowSince = kNever; ///< it reads slowly, or not for a while
    std::int64_t firstSequence = 0;

    struct Seen
    {
        std::int64_t chat = -1;
        std::int64_t sequence = 0;
        std::size_t departure = 0; ///< of its stays: how many are known to have ended
    };
    std::unordered_map<int, Seen> seen; ///< by sender
    std::vector<std::int64_t> chats; ///< numbers, in the order in which they came
    std::set<int> view; ///< the members as it was told
    Mode mode = Mode::Full;
    int occupancy = 0;
    bool awaitsState = false; ///< of another mode: the view is not the room's until a room_state

    bool isSlow() const { return slowSince != kNever; }
    bool hasEnded() const { return leftAt != kNever; }
};

struct Chat
{
    std::size_t stay = 0; ///< of its sender
    Time sentAt = kNever;
    Time receiptAt = kNever;
};

struct Block
{
    Time requestedAt = kNever;
    Time holdsSince = kNever; ///< nothing that is read later may be about the blocked user
    Time liftRequestedAt = kNever;
    Time liftedAt = kNever; ///< nothing that is sent later may be missing
};

/// What the clients have done, as far as it decides about what others must be told.
class History
{
public:
    /// `grace`: how long the server keeps a lost connection's seat.
    History(int users, int rooms, Time grace);

    std::size_t begin(int user, int room, int node, int connection, Time now);
    /// Of the user's latest stay, unless it has ended.
    void enter(std::size_t stay, Time now);
    void end(std::size_t stay, bool isLost, Time now);

    std::int64_t say(std::size_t stay, Time now);
    std::int64_t move(int user) { return ++m_sequences[std::size_t(user)]; }
    std::int64_t sequenceOf(int user) const { return m_sequences[std::size_t(user)]; }

    void requestBlock(int user, int blocked, Time now);
    void requestLift(int user, int blocked, Time now);
    /// The latest; null if there is none.
    Block *block(int user, int blocked);
    std::vector<int> blockedBy(int user) const;
    bool isSurelyBlocked(int user, int blocked) const;
    bool mayBeBlocked(int user, int blocked, Time from, Time until) const;

    Stay &stay(std::size_t index) { return m_stays[index]; }
    const std::vector<Stay> &stays() const { return m_stays; }
    const std::vector<std::size_t> &staysOf(int user) const { return m_staysOf[std::size_t(user)]; }
    /// Who is in the room, as far as their own clients know.
    const std::set<int> &usersIn(int room) const { return m_usersIn[std::size_t(room)]; }
    /// The stay in which a movement was made.
    const Stay *stayOfSequence(int user, std::int64_t sequence) const;
    const Stay *latest(int user) const;
    std::vector<Chat> &chats() { return m_chats; }
    const std::vector<std::size_t> &chatsOf(int room) const { return m_chatsOf[std::size_t(room)]; }
    int rooms() const { return int(m_usersIn.size()); }
    Time grace() const { return m_grace; }

    /// Whether the end of the user's stay could be announced by `now`: a lost one only after its
    /// grace, and not if the user was back in time. `number`: of its stays.
    bool couldHaveDeparted(int user, std::size_t number, Time now) const;

private:
    Time m_grace;
    std::vector<Stay> m_stays;
    std::vector<std::vector<std::size_t>> m_staysOf;
    std::vector<std::set<int>> m_usersIn;
    std::vector<std::int64_t> m_sequences;
    std::vector<Chat> m_chats;
    std::vector<std::vector<std::size_t>> m_chatsOf;
    std::vector<std::unordered_map<int, std::vector<Block>>> m_blocks;
};

} // namespace Rollcall::Soak

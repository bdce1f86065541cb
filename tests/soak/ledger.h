// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "soak/history.h"

#include <array>
#include <map>
#include <string>

namespace Rollcall::Soak {

/// Judges what every client is told by what all of them have done. No sockets inside.
///
/// All times are of one clock, that of the process in which the clients run: what a client did
/// after it had read an answer happened after what that answer tells of. README.md lists the rules
/// and what is allowed.
class Ledger
{
public:
    Ledger(int users, int rooms, Time grace);

    /// What clients do. A join ends the stay before it.
    void join(int user, int room, int node, int connection, Time now);
    void leave(int user, Time now);
    /// The connection is over. `lastReadAt`: `now`, or until when a slow one has surely read; what
    /// was sent to it later is of no interest.
    void disconnect(int user, bool isLost, Time now, Time lastReadAt);
    /// In its present stay; the host may close it at any time.
    void readSlowly(int user, Time now);
    std::int64_t say(int user, Time now);
    std::int64_t move(int user, Time now);
    void requestBlock(int user, int blocked, Time now);
    void requestLift(int user, int blocked, Time now);
    /// Everything that is read from now on was sent with the present list in mind.
    void confirmBlock(int user, int blocked, Time now);
    void confirmLift(int user, int blocked, Time now);

    /// What clients are told.
    void receive(int user, const Received &received, Time now);

    /// In a room, as far as it knows; kNobody else.
    int roomOf(int user) const;
    const std::set<int> *viewOf(int user) const;
    std::vector<int> blockedBy(int user) const { return m_history.blockedBy(user); }

    /// After the load, once nobody does anything any more: the first thing that is not as it must
    /// be; empty if all is. `lists`: by node and room, the server's own member lists.
    using Lists = std::vector<std::vector<std::set<int>>>;
    std::string unsettled(const Lists &lists, Time now) const;
    /// Looks at everything that must have been received.
    void judge();

    void report(int user, const std::string &what, Time now);
    const std::vector<std::string> &violations() const { return m_violations; }

    struct Counts
    {
        std::int64_t chats = 0, movements = 0, states = 0, changes = 0, owed = 0, late = 0;
    };
    const Counts &counts() const { return m_counts; }

private:
    struct Event
    {
        Time time;
        const char *what;
        int about;
        std::int64_t number;
    };
    struct Person
    {
        std::size_t sending = kNone; ///< the stay it is in, or on its way into
        std::size_t receiving = kNone; ///< the stay whose messages come
        std::array<Event, 32> events{};
        std::size_t eventCount = 0;
    };
    static constexpr std::size_t kNone = std::size_t(-1);

    Person &person(int user) { return m_people[std::size_t(user)]; }
    const Person &person(int user) const { return m_people[std::size_t(user)]; }
    void note(int user, const char *what, int about, std::int64_t number, Time now);
    void receiveState(int user, const Received &received, Time now);
    void checkList(const Stay &stay, const Received &received, Time now);
    void receiveChat(Stay &stay, const Received &received, Time now);
    void receiveMovement(Stay &stay, const Received &received, const Place &place, Time now);
    void receiveJoined(Stay &stay, const Place &place, Time now);
    void receiveLeft(Stay &stay, const Departure &departure, Time now);
    void receiveMode(Stay &stay, const Received &received);
    bool isHidden(const Stay &stay, int about, const char *what, Time now);
    bool isShown(const Stay &stay, int about) const;
    std::string biography(int user, Time now) const;
    std::string wrongView(const Stay &stay, Time now) const;
    void judgeStay(const Stay &stay);

    History m_history;
    std::vector<Person> m_people;
    std::vector<std::string> m_violations;
    Counts m_counts;
};

} // namespace Rollcall::Soak

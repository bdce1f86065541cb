// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "soak/ledger.h"

#include <algorithm>

namespace Rollcall::Soak {

namespace {

// Between nodes, and of a member list against what its members know of themselves. Also for a user
// who comes back through another connection: the old one's last words may be read after the new
// one's first.
constexpr Time kCrossing{2'000'000};
constexpr Time kSettled{5'000'000};
constexpr std::size_t kMostReported = 200;

} // namespace

Ledger::Ledger(int users, int rooms, Time grace)
    : m_history(users, rooms, grace)
    , m_people(std::size_t(users))
{ }

void Ledger::note(int user, const char *what, int about, std::int64_t number, Time now)
{
    Person &noted = person(user);
    noted.events[noted.eventCount++ % noted.events.size()] = {now, what, about, number};
}

void Ledger::report(int user, const std::string &what, Time now)
{
    if (m_violations.size() >= kMostReported)
        return;
    const Person &told = person(user);
    std::string text = userName(user) + ": " + what;
    if (told.receiving != kNone) {
        const Stay &stay = m_history.stay(told.receiving);
        text += " (in " + roomName(stay.room) + ", node " + std::to_string(stay.node)
            + ", connection " + std::to_string(stay.connection) + ")";
    }
    const std::size_t count = std::min(told.eventCount, told.events.size());
    for (std::size_t i = told.eventCount - count; i < told.eventCount; ++i) {
        const Event &event = told.events[i % told.events.size()];
        text += "\n    " + std::to_string((event.time - now).count() / 1000) + " ms: " + event.what
            + (event.about == kNobody ? std::string() : ' ' + std::to_string(event.about)) + ' '
            + std::to_string(event.number);
    }
    m_violations.push_back(std::move(text));
}

void Ledger::join(int user, int room, int node, int connection, Time now)
{
    Person &who = person(user);
    if (who.sending != kNone)
        m_history.end(who.sending, false, now);
    who.sending = m_history.begin(user, room, node, connection, now);
    note(user, "joins room", room, node, now);
}

void Ledger::leave(int user, Time now)
{
    Person &who = person(user);
    if (who.sending != kNone)
        m_history.end(std::exchange(who.sending, kNone), false, now);
    note(user, "leaves", kNobody, 0, now);
}

void Ledger::disconnect(int user, bool isLost, Time now, Time lastReadAt)
{
    Person &who = person(user);
    note(user, isLost ? "is cut off" : "says good-bye", kNobody, 0, now);
    if (who.sending != kNone) {
        m_history.end(who.sending, isLost, lastReadAt);
    }
    // It may have asked for another room and not read what came from the one before.
    if (who.receiving != kNone && m_history.stay(who.receiving).leftAt > lastReadAt)
        m_history.stay(who.receiving).leftAt = lastReadAt;
    who.sending = kNone;
    who.receiving = kNone;
}

void Ledger::readSlowly(int user, Time now)
{
    note(user, "reads slowly", kNobody, 0, now);
    const Person &who = person(user);
    for (const std::size_t stay : {who.sending, who.receiving}) {
        if (stay != kNone && m_history.stay(stay).slowSince == kNever)
            m_history.stay(stay).slowSince = now;
    }
}

std::int64_t Ledger::say(int user, Time now)
{
    const std::int64_t number = m_history.say(person(user).sending, now);
    note(user, "says", kNobody, number, now);
    return number;
}

std::int64_t Ledger::move(int user, Time now)
{
    const std::int64_t sequence = m_history.move(user);
    note(user, "moves", kNobody, sequence, now);
    return sequence;
}

void Ledger::requestBlock(int user, int blocked, Time now)
{
    note(user, "wants to block", blocked, 0, now);
    m_history.requestBlock(user, blocked, now);
}

void Ledger::requestLift(int user, int blocked, Time now)
{
    note(user, "wants to unblock", blocked, 0, now);
    m_history.requestLift(user, blocked, now);
}

void Ledger::confirmBlock(int user, int blocked, Time now)
{
    note(user, "has blocked", blocked, 0, now);
    if (Block *block = m_history.block(user, blocked))
        block->holdsSince = now;
}

void Ledger::confirmLift(int user, int blocked, Time now)
{
    note(user, "has unblocked", blocked, 0, now);
    if (Block *block = m_history.block(user, blocked))
        block->liftedAt = now;
}

int Ledger::roomOf(int user) const
{
    const Person &who = person(user);
    if (who.sending == kNone || m_history.stays()[who.sending].enteredAt == kNever)
        return kNobody;
    return m_history.stays()[who.sending].room;
}

const std::set<int> *Ledger::viewOf(int user) const
{
    const Person &who = person(user);
    return who.receiving == kNone ? nullptr : &m_history.stays()[who.receiving].view;
}

void Ledger::receive(int user, const Received &received, Time now)
{
    if (received.kind == Kind::RoomState)
        return receiveState(user, received, now);
    if (received.kind == Kind::HeartbeatAck)
        return;
    if (received.kind == Kind::Refused || received.kind == Kind::Other)
        return report(user, "unexpected: " + received.text, now);
    const Person &who = person(user);
    if (who.receiving == kNone)
        return report(user, "something of a room before its room_state", now);
    Stay &stay = m_history.stay(who.receiving);
    if (received.room != kNobody && received.room != stay.room)
        return report(user, "something of " + roomName(received.room), now);
    switch (received.kind) {
    case Kind::Chat:
        return receiveChat(stay, received, now);
    case Kind::Movement:
        for (const Place &place : received.places)
            receiveMovement(stay, received, place, now);
        return;
    case Kind::Joined:
        return receiveJoined(stay, received.places.front(), now);
    case Kind::Left:
        return receiveLeft(stay, received.departures.front(), now);
    case Kind::Delta:
        note(user, "delta", int(received.places.size()), int(received.departures.size()), now);
        for (const Place &place : received.places) {
            if (!isHidden(stay, place.user, "a delta", now))
                stay.view.insert(place.user);
        }
        for (const Departure &departure : received.departures)
            receiveLeft(stay, departure, now);
        stay.occupancy = received.occupancy;
        return;
    case Kind::Mode:
        note(user, "mode", int(received.mode), received.occupancy, now);
        return receiveMode(stay, received);
    case Kind::Count:
        stay.occupancy = received.occupancy;
        return;
    case Kind::Updated:
        return report(user, "an update of " + userName(received.user) + ", who has changed nothing",
                      now);
    default:
        return;
    }
}

void Ledger::receiveState(int user, const Received &received, Time now)
{
    Person &who = person(user);
    ++m_counts.states;
    note(user, "room_state of room", received.room, std::int64_t(received.places.size()), now);
    if (who.sending != kNone && m_history.stay(who.sending).enteredAt == kNever
        && m_history.stay(who.sending).room == received.room) {
        m_history.enter(who.sending, now);
        who.receiving = who.sending;
    }
    if (who.receiving == kNone || m_history.stay(who.receiving).room != received.room)
        return report(user, "a room_state of " + roomName(received.room), now);
    Stay &stay = m_history.stay(who.receiving);
    stay.mode = received.mode;
    stay.occupancy = received.occupancy;
    stay.awaitsState = false;
    stay.view.clear();
    for (const Place &place : received.places) {
        if (!isHidden(stay, place.user, "a room_state", now)
            && !stay.view.insert(place.user).second)
            report(user, "a room_state with " + userName(place.user) + " twice", now);
    }
    if (!stay.isSlow())
        checkList(stay, received, now);
}

void Ledger::checkList(const Stay &stay, const Received &received, Time now)
{
    if (!stay.view.contains(stay.user))
        report(stay.user, "a room_state without itself", now);
    for (const Place &place : received.places) {
        const auto seen = stay.seen.find(place.user);
        if (place.sequence != 0 && seen != stay.seen.end()
            && place.sequence < seen->second.sequence)
            report(stay.user, "a room_state with an older place of " + userName(place.user), now);
        const auto &stays = m_history.staysOf(place.user);
        const bool isPossible = std::any_of(stays.begin(), stays.end(), [&](std::size_t index) {
            const Stay &other = m_history.stays()[index];
            return other.room == stay.room
                && (!other.hasEnded() || other.isSlow()
                    || now - other.leftAt < m_history.grace() + kSettled);
        });
        if (!isPossible)
            report(stay.user,
                   "a room_state with " + userName(place.user) + ", who is long gone"
                       + biography(place.user, now),
                   now);
    }
    if (received.mode == Mode::Count)
        return;
    for (const int other : m_history.usersIn(stay.room)) {
        const Stay *latest = m_history.latest(other);
        if (now - latest->enteredAt > kSettled && !latest->isSlow() && !stay.view.contains(other)
            && !m_history.mayBeBlocked(stay.user, other, now, now))
            report(stay.user, "a room_state without " + userName(other), now);
    }
}

bool Ledger::isHidden(const Stay &stay, int about, const char *what, Time now)
{
    if (!m_history.isSurelyBlocked(stay.user, about))
        return false;
    report(stay.user, std::string(what) + " with " + userName(about) + ", who is blocked", now);
    return true;
}

/// Whether somebody whose messages come must have been introduced: in a small room, and with a view
/// that is up to date.
bool Ledger::isShown(const Stay &stay, int about) const
{
    return stay.mode != Mode::Full || stay.awaitsState || about == stay.user
        || stay.view.contains(about)
        || m_history.mayBeBlocked(stay.user, about, stay.joinSentAt, Time::max());
}

void Ledger::receiveChat(Stay &stay, const Received &received, Time now)
{
    ++m_counts.chats;
    const int sender = received.user;
    note(stay.user, "chat of", sender, received.number, now);
    if (isHidden(stay, sender, "a chat", now))
        return;
    if (received.number >= std::int64_t(m_history.chats().size()))
        return report(stay.user, "a chat that nobody sent", now);
    Chat &chat = m_history.chats()[std::size_t(received.number)];
    const Stay &origin = m_history.stay(chat.stay);
    if (origin.user != sender || origin.room != stay.room)
        report(stay.user, "a chat of somebody else or of another room", now);
    if (!isShown(stay, sender))
        report(stay.user, "a chat of " + userName(sender) + ", who is not shown", now);
    Stay::Seen &seen = stay.seen[sender];
    if (received.number <= seen.chat) {
        const Stay &before = m_history.stay(m_history.chats()[std::size_t(seen.chat)].stay);
        const bool isOther = before.connection != origin.connection;
        if (received.number == seen.chat || !isOther || now - origin.leftAt > kCrossing)
            report(stay.user,
                   "chat " + std::to_string(received.number) + " of " + userName(sender) + " after "
                       + std::to_string(seen.chat),
                   now);
        else
            ++m_counts.late;
    }
    seen.chat = std::max(seen.chat, received.number);
    stay.chats.push_back(received.number);
    if (sender == stay.user && chat.receiptAt == kNever)
        chat.receiptAt = now;
}

void Ledger::receiveMovement(Stay &stay, const Received &received, const Place &place, Time now)
{
    ++m_counts.movements;
    note(stay.user, received.isBatch ? "batch with" : "movement of", place.user, place.sequence,
         now);
    if (isHidden(stay, place.user, "a movement", now))
        return;
    if (place.user == stay.user)
        report(stay.user, "its own movement", now);
    if (place.room != stay.room)
        report(stay.user, "a movement in " + roomName(place.room) + " of " + userName(place.user),
               now);
    if (place.sequence > m_history.sequenceOf(place.user))
        report(stay.user, "a movement that nobody made", now);
    if (!isShown(stay, place.user))
        report(stay.user, "a movement of " + userName(place.user) + ", who is not shown", now);
    Stay::Seen &seen = stay.seen[place.user];
    if (place.sequence <= seen.sequence) {
        const Stay *origin = m_history.stayOfSequence(place.user, place.sequence);
        const Stay *before = m_history.stayOfSequence(place.user, seen.sequence);
        const bool isAgain = place.sequence == seen.sequence && stay.isSlow();
        const bool isLate = origin && before && origin->connection != before->connection
            && now - origin->leftAt < kCrossing;
        if (isLate)
            ++m_counts.late;
        else if (!isAgain)
            report(stay.user,
                   "movement " + std::to_string(place.sequence) + " of " + userName(place.user)
                       + " after " + std::to_string(seen.sequence),
                   now);
    }
    seen.sequence = std::max(seen.sequence, place.sequence);
}

void Ledger::receiveJoined(Stay &stay, const Place &place, Time now)
{
    ++m_counts.changes;
    note(stay.user, "joined:", place.user, 0, now);
    if (isHidden(stay, place.user, "a join", now))
        return;
    if (!stay.view.insert(place.user).second && !stay.awaitsState)
        report(stay.user, userName(place.user) + " joined, who was there", now);
}

void Ledger::receiveLeft(Stay &stay, const Departure &departure, Time now)
{
    ++m_counts.changes;
    note(stay.user, departure.isLost ? "lost:" : "left:", departure.user, 0, now);
    if (isHidden(stay, departure.user, "a leave", now))
        return;
    const bool wasShown = stay.view.erase(departure.user) > 0;
    if (!wasShown) {
        if (stay.mode == Mode::Full && !stay.awaitsState)
            report(stay.user, userName(departure.user) + " left, who was not there", now);
        return;
    }
    if (stay.awaitsState)
        return;
    const auto &stays = m_history.staysOf(departure.user);
    std::size_t &known = stay.seen[departure.user].departure;
    for (std::size_t number = known; number < stays.size(); ++number) {
        const Stay &other = m_history.stays()[stays[number]];
        // A slow one may be lost at any time, whatever its client still means to do.
        const bool isReason =
            departure.isLost ? other.isLost || other.isSlow() : other.hasEnded() && !other.isLost;
        if (other.room == stay.room && isReason
            && m_history.couldHaveDeparted(departure.user, number, now)) {
            known = number + 1;
            return;
        }
    }
    report(stay.user,
           userName(departure.user) + (departure.isLost ? " was lost" : " left") + ", who did not"
               + biography(departure.user, now),
           now);
}

void Ledger::receiveMode(Stay &stay, const Received &received)
{
    if (received.mode == Mode::Count)
        stay.view = {stay.user};
    stay.awaitsState = stay.awaitsState || received.mode < stay.mode;
    stay.mode = received.mode;
    stay.occupancy = received.occupancy;
}

} // namespace Rollcall::Soak

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "soak/history.h"

#include <algorithm>

namespace Rollcall::Soak {

namespace {

// A client hears of its return a little after the server has it.
constexpr Time kGraceMargin{300'000};

} // namespace

History::History(int users, int rooms, Time grace)
    : m_grace(grace)
    , m_staysOf(std::size_t(users))
    , m_usersIn(std::size_t(rooms))
    , m_sequences(std::size_t(users))
    , m_chatsOf(std::size_t(rooms))
    , m_blocks(std::size_t(users))
{ }

std::size_t History::begin(int user, int room, int node, int connection, Time now)
{
    Stay stay;
    stay.user = user;
    stay.room = room;
    stay.node = node;
    stay.connection = connection;
    stay.joinSentAt = now;
    stay.firstSequence = sequenceOf(user) + 1;
    m_stays.push_back(std::move(stay));
    m_staysOf[std::size_t(user)].push_back(m_stays.size() - 1);
    return m_stays.size() - 1;
}

void History::enter(std::size_t index, Time now)
{
    Stay &stay = m_stays[index];
    stay.enteredAt = now;
    if (!stay.hasEnded())
        m_usersIn[std::size_t(stay.room)].insert(stay.user);
}

void History::end(std::size_t index, bool isLost, Time now)
{
    Stay &stay = m_stays[index];
    if (stay.hasEnded())
        return;
    stay.leftAt = now;
    stay.isLost = isLost;
    m_usersIn[std::size_t(stay.room)].erase(stay.user);
}

std::int64_t History::say(std::size_t stay, Time now)
{
    m_chats.push_back({stay, now, kNever});
    m_chatsOf[std::size_t(m_stays[stay].room)].push_back(m_chats.size() - 1);
    return std::int64_t(m_chats.size()) - 1;
}

void History::requestBlock(int user, int blocked, Time now)
{
    m_blocks[std::size_t(user)][blocked].push_back({.requestedAt = now});
}

void History::requestLift(int user, int blocked, Time now)
{
    if (Block *latest = block(user, blocked))
        latest->liftRequestedAt = now;
}

Block *History::block(int user, int blocked)
{
    auto &blocks = m_blocks[std::size_t(user)];
    const auto found = blocks.find(blocked);
    return found == blocks.end() ? nullptr : &found->second.back();
}

std::vector<int> History::blockedBy(int user) const
{
    std::vector<int> blocked;
    for (const auto &[other, blocks] : m_blocks[std::size_t(user)]) {
        if (isSurelyBlocked(user, other))
            blocked.push_back(other);
    }
    return blocked;
}

bool History::isSurelyBlocked(int user, int blocked) const
{
    const auto &blocks = m_blocks[std::size_t(user)];
    const auto found = blocks.find(blocked);
    if (found == blocks.end())
        return false;
    const Block &latest = found->second.back();
    return latest.holdsSince != kNever && latest.liftRequestedAt == kNever;
}

bool History::mayBeBlocked(int user, int blocked, Time from, Time until) const
{
    const auto &blocks = m_blocks[std::size_t(user)];
    const auto found = blocks.find(blocked);
    return found != blocks.end()
        && std::any_of(found->second.begin(), found->second.end(), [&](const Block &block) {
               return block.requestedAt <= until
                   && (block.liftedAt == kNever || block.liftedAt >= from);
           });
}

const Stay *History::stayOfSequence(int user, std::int64_t sequence) const
{
    const auto &stays = m_staysOf[std::size_t(user)];
    for (auto index = stays.rbegin(); index != stays.rend(); ++index) {
        if (m_stays[*index].firstSequence <= sequence)
            return &m_stays[*index];
    }
    return nullptr;
}

const Stay *History::latest(int user) const
{
    const auto &stays = m_staysOf[std::size_t(user)];
    return stays.empty() ? nullptr : &m_stays[stays.back()];
}

bool History::couldHaveDeparted(int user, std::size_t number, Time now) const
{
    const auto &stays = m_staysOf[std::size_t(user)];
    const Stay &left = m_stays[stays[number]];
    if (!left.hasEnded()) // who does not read does not know yet that it was closed
        return left.isSlow() && now >= left.slowSince + m_grace - kGraceMargin;
    if (!left.isLost)
        return true;
    const Time graceIsOver = left.leftAt + m_grace - kGraceMargin;
    if (now < graceIsOver)
        return false;
    for (std::size_t next = number + 1; next < stays.size(); ++next) {
        const Stay &later = m_stays[stays[next]];
        if (later.room == left.room && later.enteredAt != kNever && later.enteredAt < graceIsOver)
            return false;
    }
    return true;
}

} // namespace Rollcall::Soak

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/roomhomes.h"

#include <algorithm>
#include <utility>

namespace Rollcall::Presence {

namespace {

using namespace std::chrono_literals;

constexpr auto kRemembered = 1s;
constexpr size_t kMaxRemembered = 1000;

/// At least 4/5 of the most: who is that near is not left for another.
bool isNear(int users, int most) { return users * 5 >= most * 4; }

} // namespace

RoomHomes::RoomHomes(Clock &clock, Question ask, OpenNodes openNodes, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_ask(std::move(ask))
    , m_openNodes(std::move(openNodes))
{ }

RoomHomes::~RoomHomes() = default;

const OpenNode *RoomHomes::choose(const std::vector<OpenNode> &others, int here)
{
    int most = here;
    for (const OpenNode &node : others)
        most = std::max(most, node.users);
    if (isNear(here, most)) // also when there is nobody
        return nullptr;
    const OpenNode *first = nullptr;
    for (const OpenNode &node : others) {
        if (isNear(node.users, most) && (!first || node.node < first->node))
            first = &node;
    }
    return first;
}

void RoomHomes::find(const RoomId &room, int here, QObject *context,
                     PresenceService::HomeCallback done)
{
    Waiter waiter{here, context, std::move(done)};
    Known &known = m_rooms[room];
    if (known.waiters.empty() && m_clock.now() < known.until) {
        finish(known.holders, waiter);
        return;
    }
    known.waiters.push_back(std::move(waiter));
    if (known.waiters.size() > 1)
        return;
    m_ask(room, this,
          [this, room](const std::optional<RoomHolders> &holders) { handleAnswer(room, holders); });
}

void RoomHomes::handleAnswer(const RoomId &room, const std::optional<RoomHolders> &holders)
{
    Known &known = m_rooms[room];
    const std::vector<Waiter> waiters = std::exchange(known.waiters, {});
    // No answer is not asked for again by everybody who comes meanwhile.
    const RoomHolders answer = known.holders = holders.value_or(RoomHolders());
    known.until = m_clock.now() + kRemembered;
    if (m_rooms.size() > kMaxRemembered)
        forgetOld(); // invalidates `known`
    for (const Waiter &waiter : waiters)
        finish(answer, waiter);
}

void RoomHomes::finish(const RoomHolders &holders, const Waiter &waiter) const
{
    if (!waiter.context)
        return;
    std::vector<OpenNode> nodes = m_openNodes();
    for (OpenNode &node : nodes) {
        const auto holder = std::ranges::find(holders, node.node, &std::pair<NodeId, int>::first);
        if (holder != holders.end())
            node.users = holder->second;
    }
    waiter.done(choose(nodes, waiter.here));
}

void RoomHomes::forgetOld()
{
    const Clock::SteadyTime now = m_clock.now();
    std::erase_if(m_rooms, [now](const auto &entry) {
        return entry.second.waiters.empty() && entry.second.until <= now;
    });
}

} // namespace Rollcall::Presence

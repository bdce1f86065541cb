// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
// The crowd's part that does something.
#include "soak/crowd.h"

#include <algorithm>

namespace Rollcall::Soak {

namespace {

constexpr Time kLeastBetweenActs{800'000};
constexpr Time kBlockCrossing{1'000'000};
constexpr std::size_t kMostBlocked = 2;

} // namespace

void Crowd::actSome()
{
    while (m_isActing && !m_acts.empty() && m_acts.top().first <= m_now) {
        Client &client = m_clients[std::size_t(m_acts.top().second)];
        m_acts.pop();
        if (client.state == Client::State::InRoom && client.isReading)
            act(client);
        std::exponential_distribution<double> pause(1 / m_options.actEvery);
        m_acts.emplace(m_now + std::max(kLeastBetweenActs, Bench::fromSeconds(pause(m_random))),
                       client.user);
    }
}

void Crowd::act(Client &client)
{
    const double dice = chance();
    if (dice < 0.45)
        chat(client);
    else if (dice < 0.62)
        startMoving(client);
    else if (dice < 0.74)
        changeRoom(client);
    else if (dice < 0.78)
        leaveRoom(client);
    else if (dice < 0.90)
        cut(client);
    else if (client.isSlow)
        stall(client);
    else
        changeBlocks(client);
}

void Crowd::chat(Client &client)
{
    for (int i = 1 + below(3); i > 0; --i) {
        ++m_counts.said;
        client.send(chatMessage(client.room, m_ledger.say(client.user, m_now), below(200)));
    }
}

void Crowd::startMoving(Client &client)
{
    client.moveEvery = span(0.06, 0.15);
    client.moveUntil = m_now + span(1, 6);
    client.nextMoveAt = m_now;
    m_moves.emplace(m_now, client.user);
}

void Crowd::moveSome()
{
    while (!m_moves.empty() && m_moves.top().first <= m_now) {
        const auto [time, user] = m_moves.top();
        m_moves.pop();
        Client &client = m_clients[std::size_t(user)];
        // One that was replaced by a newer one, or is over.
        if (time != client.nextMoveAt || client.state != Client::State::InRoom
            || m_now >= client.moveUntil)
            continue;
        ++m_counts.moved;
        client.send(movementMessage(client.room, m_ledger.move(user, m_now)));
        client.nextMoveAt = m_now + client.moveEvery;
        if (client.nextMoveAt < client.moveUntil)
            m_moves.emplace(client.nextMoveAt, user);
    }
}

void Crowd::changeRoom(Client &client)
{
    ++m_counts.changes;
    ++m_connecting;
    client.room = anyRoom(client.room);
    join(client);
}

void Crowd::leaveRoom(Client &client)
{
    m_ledger.leave(client.user, m_now);
    client.send(leaveMessage(client.room));
    client.state = Client::State::Outside;
    client.room = anyRoom(client.room);
    client.dueAt = m_now + span(0.6, 3);
}

void Crowd::cut(Client &client)
{
    ++m_counts.cuts;
    const int how = below(4);
    if (how == 0)
        return leaveForGood(client);
    if (how == 1)
        client.sendClose(1001);
    drop(client, how == 2 ? Client::End::Reset : Client::End::Close, true);
    // Half of them come back before the grace is over.
    comeBackLater(client, 2 * m_options.grace);
}

/// Only who waits for the answer to its Close can be sure that it was read.
void Crowd::leaveForGood(Client &client)
{
    m_ledger.leave(client.user, m_now);
    client.sendClose(1000);
    client.state = Client::State::Leaving;
}

void Crowd::stall(Client &client)
{
    ++m_counts.stalls;
    client.setReading(false);
    // Longer ones are met by pings: a pong has 10 s.
    client.dueAt = m_now + (below(2) == 0 ? span(0.5, 3) : span(5, 9));
}

void Crowd::changeBlocks(Client &client)
{
    if (m_isChangingBlocks[std::size_t(client.user)])
        return;
    const std::vector<int> blocked = m_ledger.blockedBy(client.user);
    if (blocked.size() >= kMostBlocked || (!blocked.empty() && below(2) == 0))
        return setBlocked(client, blocked[std::size_t(below(int(blocked.size())))], false);
    const std::set<int> *view = m_ledger.viewOf(client.user);
    if (!view || view->empty())
        return;
    const int other = *std::next(view->begin(), below(int(view->size())));
    if (other != client.user)
        setBlocked(client, other, true);
}

void Crowd::setBlocked(Client &client, int other, bool isBlock)
{
    ++m_counts.blocks;
    m_isChangingBlocks[std::size_t(client.user)] = 1;
    const int node = below(int(m_options.nodes.size()));
    const auto done = [this, user = client.user, other, isBlock, node](int status,
                                                                       const std::string &) {
        m_now = Bench::now();
        if (status != 200)
            m_ledger.report(user, "its blocklist could not be changed: " + std::to_string(status),
                            m_now);
        m_confirmations.push_back({user, other, isBlock, node, m_now});
    };
    const Bench::Target &target = m_options.nodes[std::size_t(node)];
    const std::string self = userName(client.user);
    if (isBlock) {
        m_ledger.requestBlock(client.user, other, m_now);
        m_http.call(target, "POST", "/moderation/block",
                    R"({"user":{"userId":")" + self + R"("},"blockedUserId":")" + userName(other)
                        + "\"}",
                    done);
    } else {
        m_ledger.requestLift(client.user, other, m_now);
        m_http.call(target, "DELETE", "/moderation/block/" + userName(other) + "?userId=" + self,
                    {}, done);
    }
}

/// What is answered after the list was changed was sent with it in mind: at once on the node that
/// was told, after kBlockCrossing on the others.
void Crowd::confirmSome()
{
    for (Confirmation &each : m_confirmations) {
        Client &client = m_clients[std::size_t(each.user)];
        const Time crossing = client.node == each.node ? Time(0) : kBlockCrossing;
        if (client.state != Client::State::InRoom || client.connection == each.connection
            || m_now < each.answeredAt + crossing)
            continue;
        beat(client);
        each.connection = client.connection;
        each.beat = client.beats;
    }
}

void Crowd::beat(Client &client) { client.send(heartbeatMessage(client.room, ++client.beats)); }

/// Compares all that is known with the hosts' own lists until they agree.
void Crowd::compare()
{
    constexpr double kSettling = 20;
    const Time deadline = m_now + Bench::fromSeconds(kSettling);
    std::string wrong = "nothing was compared";
    while (!wrong.empty() && m_now < deadline) {
        Ledger::Lists lists;
        fetchLists(lists);
        turnUntil("the hosts answer", 10, [&] { return m_http.isIdle(); });
        wrong = m_ledger.unsettled(lists, m_now);
    }
    if (!wrong.empty())
        m_ledger.report(0, "in the end " + wrong, m_now);
}

void Crowd::fetchLists(Ledger::Lists &lists)
{
    lists.assign(m_options.nodes.size(),
                 std::vector<std::set<int>>(std::size_t(m_options.rooms())));
    for (std::size_t node = 0; node < lists.size(); ++node) {
        for (std::size_t room = 0; room < lists[node].size(); ++room) {
            m_http.call(m_options.nodes[node], "GET", "/rooms/" + roomName(int(room)), {},
                        [&list = lists[node][room]](int, const std::string &body) {
                            list = membersIn(body);
                        });
        }
    }
}

} // namespace Rollcall::Soak

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "soak/client.h"
#include "soak/httpcalls.h"
#include "soak/ledger.h"
#include "soak/options.h"

#include <queue>
#include <random>

namespace Rollcall::Soak {

/// All clients on one epoll descriptor, and the dice that decide what they do.
class Crowd
{
public:
    explicit Crowd(const Options &options);
    ~Crowd();
    Crowd(const Crowd &) = delete;
    Crowd &operator=(const Crowd &) = delete;

    /// Everybody comes in, acts for a while, comes to rest, and is judged.
    void run();
    void print() const;
    bool isFlawless() const { return m_ledger.violations().empty(); }

private:
    struct Confirmation ///< of a change of a blocklist
    {
        int user;
        int other;
        bool isBlock;
        int node; ///< that was told
        Time answeredAt;
        int connection = 0; ///< by which it is being confirmed; 0: not yet
        std::int64_t beat = 0;
    };
    using Due = std::pair<Time, int>;
    using Agenda = std::priority_queue<Due, std::vector<Due>, std::greater<>>;

    void turn();
    void turnUntil(const char *what, double seconds, const std::function<bool()> &isDone);
    void handleEvents();
    void receive(Client &client);
    void handleMessage(Client &client, std::string_view text);
    void handleOver(Client &client);

    void connectSome();
    void follow(Client &client);
    void actSome();
    void act(Client &client);
    void chat(Client &client);
    void startMoving(Client &client);
    void moveSome();
    void changeRoom(Client &client);
    void leaveRoom(Client &client);
    void cut(Client &client);
    void leaveForGood(Client &client);
    void stall(Client &client);
    void changeBlocks(Client &client);
    void setBlocked(Client &client, int other, bool isBlock);
    void confirmSome();
    void beat(Client &client);

    void join(Client &client);
    void drop(Client &client, Client::End end, bool isLost);
    void comeBackLater(Client &client, double most);
    void rest();
    void moveOnce(Client &client);
    void compare();
    void fetchLists(Ledger::Lists &lists);

    int below(int count) { return int(m_random() % std::uint64_t(count)); }
    double chance() { return double(m_random() >> 11) / double(1ull << 53); }
    Time span(double least, double most)
    {
        return Bench::fromSeconds(least + chance() * (most - least));
    }
    int anyRoom(int except);

    const Options m_options;
    std::mt19937_64 m_random;
    int m_epoll;
    HttpCalls m_http;
    Ledger m_ledger;
    Decoder m_decoder;
    std::vector<Client> m_clients;
    std::vector<Confirmation> m_confirmations;
    std::vector<char> m_isChangingBlocks; ///< by user
    std::deque<int> m_toConnect;
    Agenda m_acts;
    Agenda m_moves;
    int m_connecting = 0;
    bool m_isActing = false;
    bool m_isResting = false; ///< nobody acts any more; who enters a room moves once
    Time m_now{0};
    Time m_nextLookAt{0};
    Time m_longestTurn{0};
    struct
    {
        int joins = 0, changes = 0, cuts = 0, stalls = 0, slowClosed = 0, blocks = 0;
        std::int64_t said = 0, moved = 0;
    } m_counts;
};

} // namespace Rollcall::Soak

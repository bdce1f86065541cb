// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/clientwire.h"
#include "bench/connection.h"
#include "bench/options.h"

#include <deque>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace Rollcall::Bench {

class SwarmObserver
{
public:
    virtual ~SwarmObserver() = default;
    /// It is in its room (with --bare: its handshake is done).
    virtual void handleReady(Connection &connection) = 0;
    /// `text` is valid during the call.
    virtual void handleMessage(Connection &connection, std::string_view text, ServerMessage kind,
                               Microseconds time) = 0;
    /// It was ready and is not any more: its node asked it to go, and it does.
    virtual void handleMoving(Connection &connection) = 0;
    /// It was ready and is not any more.
    virtual void handleLost(Connection &connection) = 0;
};

/// All clients on one epoll descriptor: lets them in so many at a time, answers pings, beats their
/// heartbeats and brings them back.
class Swarm
{
public:
    /// Both must outlive the swarm. Exits with a message when descriptors do not suffice.
    Swarm(const Options &options, SwarmObserver &observer);
    ~Swarm();
    Swarm(const Swarm &) = delete;
    Swarm &operator=(const Swarm &) = delete;

    /// From now on everybody comes in.
    void admitAll();
    /// One turn of the loop.
    void turn(Microseconds longestWait);

    void send(Connection &connection, std::string_view text);
    /// Leaves with a close frame; comes back at once if so asked.
    void leave(Connection &connection, bool comesBack);

    Connection &at(int index) { return m_connections[std::size_t(index)]; }
    std::string roomOf(const Connection &connection) const;
    std::string userOf(const Connection &connection) const;
    int ready() const { return m_ready; }
    int losses() const { return m_losses; }
    int failures() const { return m_failures; }
    /// Those of them that a host answered with 429, 503 or 4003.
    int refusals() const { return m_refusals; }
    const std::string &lastFailure() const { return m_lastFailure; }
    /// The first few different ones.
    const std::map<std::string, int> &failuresByCause() const { return m_failuresByCause; }

private:
    void admit(Microseconds time);
    void open(Connection &connection);
    void connectTo(Connection &connection);
    void askForToken(Connection &connection);
    void upgrade(Connection &connection);
    void receive(Connection &connection);
    void readHead(Connection &connection);
    void readToken(Connection &connection, std::string_view answer, std::size_t headSize);
    void join(Connection &connection);
    void readFrames(Connection &connection, char *bytes, std::size_t count);
    void readText(Connection &connection, std::string_view text, Microseconds time);
    void becomeReady(Connection &connection);
    void handleClosed(Connection &connection, int code);
    void failed(Connection &connection, const std::string &why, Microseconds atLeast = {});
    void refused(Connection &connection, std::string_view answer, const char *what);
    void close(Connection &connection);
    /// To the next node, if there are several.
    void moveOn(Connection &connection) const;
    void retryLater(Connection &connection, Microseconds atLeast);
    /// Away from a node that asked for it, to the one that it named, or the next.
    void move(Connection &connection);
    const Target &targetOf(std::string_view url);
    void handleDraining(Connection &connection, std::string_view text, Microseconds time);
    void write(Connection &connection);
    void await(Connection &connection, bool isWriteAwaited);
    bool isBeating() const { return m_options.heartbeat > 0 && !m_options.isBare; }
    void beat(Microseconds time);
    void expire(Microseconds time);

    const Options &m_options;
    SwarmObserver &m_observer;
    int m_epoll = -1;
    std::vector<Connection> m_connections;
    std::deque<int> m_waiting; // to be let in
    std::vector<int> m_returning; // to be let in at their time
    std::vector<char> m_buffer;
    std::string m_frame; // reused
    std::mt19937 m_random{20260101}; // the same every time
    Microseconds m_nextExpiry{0};
    Microseconds m_beatAt{0};
    std::size_t m_nextBeat = 0;
    int m_pending = 0; // being made
    int m_ready = 0;
    int m_losses = 0;
    int m_failures = 0;
    int m_refusals = 0;
    std::string m_lastFailure;
    std::map<std::string, int> m_failuresByCause;
    std::string m_url; // looked up last
    Target m_target;
};

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
// The swarm's part that loses clients, and brings them back.
#include "bench/frame.h"
#include "bench/swarm.h"

#include <algorithm>
#include <charconv>
#include <sys/socket.h>

namespace Rollcall::Bench {

namespace {

constexpr int kFirstReconnect = 500; // ms, doubled with every attempt
constexpr std::size_t kCausesKept = 10;
constexpr int kLongestReconnect = 30'000;
// docs/protocol.md, close codes.
constexpr int kDrained = 4000;
constexpr int kOverloaded = 4003;
constexpr int kFirstFatalCode = 4500; // and above: do not come back

int numberAfter(std::string_view text, std::string_view name)
{
    const std::string_view value = member(text, name);
    int number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
}

} // namespace

void Swarm::handleDraining(Connection &connection, std::string_view text, Microseconds time)
{
    connection.drainBy =
        time + Microseconds(std::int64_t(numberAfter(text, "reconnectInMs")) * 1000 + 1);
    if (const std::string_view url = member(text, "url"); url.substr(0, 5) == "ws://")
        connection.refuge = targetOf(url);
}

void Swarm::leave(Connection &connection, bool comesBack)
{
    if (!connection.isOpen())
        return;
    const bool wasReady = connection.state == Connection::State::Ready;
    constexpr char kNormal[] = {char(1000 >> 8), char(1000 & 255)};
    m_frame.clear();
    appendClientFrame(m_frame, Frame::kClose, {kNormal, 2});
    ::send(connection.descriptor, m_frame.data(), m_frame.size(), MSG_NOSIGNAL);
    close(connection);
    (wasReady ? m_ready : m_pending) -= 1;
    if (comesBack)
        m_waiting.push_back(connection.index);
}

void Swarm::handleClosed(Connection &connection, int code)
{
    if (connection.state != Connection::State::Ready) {
        failed(connection,
               code == 1006 ? "the connection was dropped" : "closed with " + std::to_string(code));
        m_refusals += code == kOverloaded;
        return;
    }
    if (connection.drainBy.count() > 0 && code == kDrained) { // it has not waited for us to go
        m_observer.handleMoving(connection);
        --m_ready;
        close(connection);
        move(connection);
        return;
    }
    close(connection);
    --m_ready;
    ++m_losses;
    if (m_options.reconnects && code < kFirstFatalCode)
        retryLater(connection, {});
    m_observer.handleLost(connection);
}

void Swarm::refused(Connection &connection, std::string_view answer, const char *what)
{
    constexpr std::string_view header = "\r\nRetry-After: ";
    const std::string_view status = answer.substr(9, 3);
    m_refusals += status == "429" || status == "503";
    int seconds = 0;
    if (const std::size_t found = answer.find(header); found != std::string_view::npos)
        std::from_chars(answer.data() + found + header.size(), answer.data() + answer.size(),
                        seconds);
    failed(connection, what + std::string(answer.substr(0, answer.find("\r\n"))),
           fromSeconds(seconds));
}

void Swarm::failed(Connection &connection, const std::string &why, Microseconds atLeast)
{
    m_lastFailure = why;
    if (m_failuresByCause.size() < kCausesKept || m_failuresByCause.contains(why))
        ++m_failuresByCause[why];
    ++m_failures;
    (connection.state == Connection::State::Ready ? m_ready : m_pending) -= 1;
    close(connection);
    ++connection.attempts;
    if (m_options.reconnects)
        retryLater(connection, atLeast);
}

void Swarm::moveOn(Connection &connection) const
{
    connection.node = (connection.node + 1) % m_options.targets.size();
    connection.target = m_options.targets[connection.node];
}

void Swarm::retryLater(Connection &connection, Microseconds atLeast)
{
    moveOn(connection);
    const int longest =
        std::min(kFirstReconnect << std::min(connection.attempts, 6), kLongestReconnect);
    std::uniform_int_distribution<int> jitter(longest / 2, longest);
    const Microseconds wait(std::int64_t(jitter(m_random)) * 1000);
    // A Retry-After is the same for everybody: the jitter goes on top of it.
    connection.dueAt = now() + std::max(wait, atLeast.count() > 0 ? atLeast + wait : wait);
    m_returning.push_back(connection.index);
}

void Swarm::move(Connection &connection)
{
    if (connection.refuge.isNull())
        moveOn(connection);
    else
        connection.target = connection.refuge;
    m_waiting.push_back(connection.index);
}

} // namespace Rollcall::Bench

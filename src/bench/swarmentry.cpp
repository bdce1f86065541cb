// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
// The swarm's part that brings clients in.
#include "bench/swarm.h"

#include "bench/frame.h"
#include "bench/handshake.h"
#include "bench/token.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Rollcall::Bench {

void Swarm::admit(Microseconds time)
{
    std::erase_if(m_returning, [&](int index) {
        if (m_connections[std::size_t(index)].dueAt > time)
            return false;
        m_waiting.push_back(index);
        return true;
    });
    while (!m_waiting.empty() && m_pending < m_options.atOnce) {
        const int index = m_waiting.front();
        m_waiting.pop_front();
        open(m_connections[std::size_t(index)]);
    }
}

void Swarm::open(Connection &connection)
{
    ++m_pending;
    connection.startedAt = now();
    connection.drainBy = {};
    connection.refuge = {};
    if (m_options.asksForTokens)
        askForToken(connection);
    else
        upgrade(connection);
}

void Swarm::connectTo(Connection &connection)
{
    connection.in.clear();
    connection.isWriteAwaited = true;
    connection.descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(connection.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (m_options.sourceAddresses > 1) {
        setsockopt(connection.descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        sockaddr_in own{};
        own.sin_family = AF_INET;
        own.sin_addr.s_addr =
            htonl(INADDR_LOOPBACK + std::uint32_t(connection.index % m_options.sourceAddresses));
        bind(connection.descriptor, reinterpret_cast<sockaddr *>(&own), sizeof own);
    }
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT;
    event.data.u32 = std::uint32_t(connection.index);
    epoll_ctl(m_epoll, EPOLL_CTL_ADD, connection.descriptor, &event);
    const auto *address = reinterpret_cast<const sockaddr *>(&connection.target.address);
    if (connect(connection.descriptor, address, sizeof connection.target.address) != 0
        && errno != EINPROGRESS)
        failed(connection, std::string("connect: ") + std::strerror(errno));
}

void Swarm::askForToken(Connection &connection)
{
    connection.state = Connection::State::AskingToken;
    const std::string user = userOf(connection);
    const std::string body = R"({"roomId":")" + roomOf(connection)
        + R"(","deviceType":"desktop","user":{"userId":")" + user + R"(","displayName":")" + user
        + R"("}})";
    connection.out = "POST /rooms/join HTTP/1.1\r\nHost: " + connection.target.host
        + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
        + std::to_string(body.size()) + "\r\n\r\n" + body;
    connectTo(connection);
}

void Swarm::upgrade(Connection &connection)
{
    connection.state = Connection::State::Upgrading;
    if (!m_options.secret.empty())
        connection.token = makeRoomToken(m_options.secret, userOf(connection), roomOf(connection));
    connection.out = upgradeRequest(connection.target.host, connection.target.path);
    connectTo(connection);
}

void Swarm::readHead(Connection &connection)
{
    const std::string answer = std::move(connection.in);
    connection.in.clear();
    const std::size_t end = answer.find("\r\n\r\n");
    const bool isToken = connection.state == Connection::State::AskingToken;
    if (end == std::string::npos) {
        connection.in = answer;
        return;
    }
    if (isToken) {
        readToken(connection, answer, end + 4);
        return;
    }
    if (answer.substr(0, 12) != "HTTP/1.1 101") {
        refused(connection, answer, "");
        return;
    }
    join(connection);
    std::string rest = answer.substr(end + 4);
    if (!rest.empty() && connection.isOpen())
        readFrames(connection, rest.data(), rest.size());
}

void Swarm::readToken(Connection &connection, std::string_view answer, std::size_t headSize)
{
    if (answer.substr(0, 12) != "HTTP/1.1 200") {
        refused(connection, answer, "POST /rooms/join: ");
        return;
    }
    const std::string_view body = answer.substr(headSize);
    if (body.empty() || body.back() != '}') { // the rest is on its way
        connection.in.assign(answer);
        return;
    }
    connection.token = member(body, "realtimeToken");
    const std::string_view url = member(body, "wsUrl"); // the node that has most of the room
    if (url.substr(0, 5) == "ws://")
        connection.target = targetOf(url);
    close(connection);
    upgrade(connection);
}

void Swarm::join(Connection &connection)
{
    connection.state = Connection::State::Joining;
    if (m_options.isBare)
        becomeReady(connection);
    else
        send(connection,
             joinMessage(roomOf(connection), userOf(connection), connection.token,
                         m_options.isBatch));
}

void Swarm::becomeReady(Connection &connection)
{
    connection.state = Connection::State::Ready;
    connection.attempts = 0;
    --m_pending;
    ++m_ready;
    m_observer.handleReady(connection);
}

void Swarm::readText(Connection &connection, std::string_view text, Microseconds time)
{
    const ServerMessage kind = classify(text);
    if (kind == ServerMessage::RoomState && connection.state == Connection::State::Joining)
        becomeReady(connection);
    else if (kind == ServerMessage::Refused && connection.state == Connection::State::Joining)
        failed(connection, "the join was refused: " + std::string(text.substr(0, 200)));
    else if (kind == ServerMessage::Draining && m_options.reconnects)
        handleDraining(connection, text, time);
    if (connection.isOpen())
        m_observer.handleMessage(connection, text, kind, time);
}

const Target &Swarm::targetOf(std::string_view url)
{
    if (url != m_url) {
        m_target = Target::parse(url);
        m_url = url;
    }
    return m_target;
}

void Swarm::close(Connection &connection)
{
    ::close(connection.descriptor);
    connection.descriptor = -1;
    connection.state = Connection::State::Closed;
    connection.in = {};
    connection.out = {};
}

void Swarm::expire(Microseconds time)
{
    if (time < m_nextExpiry)
        return;
    m_nextExpiry = time + Microseconds(100'000);
    for (Connection &connection : m_connections) {
        if (!connection.isOpen())
            continue;
        if (connection.state != Connection::State::Ready
            && time - connection.startedAt > fromSeconds(m_options.patience))
            failed(connection, "not ready in time (--patience)");
        else if (connection.drainBy.count() > 0 && connection.drainBy <= time) {
            m_observer.handleMoving(connection);
            leave(connection, false);
            move(connection);
        }
    }
}

} // namespace Rollcall::Bench

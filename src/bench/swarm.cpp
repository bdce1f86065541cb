// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/swarm.h"

#include "bench/frame.h"
#include "bench/report.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Rollcall::Bench {

namespace {

constexpr std::size_t kReadAtOnce = 256 << 10;
constexpr int kOtherDescriptors = 16;
constexpr Microseconds kLongestWait{10'000};
constexpr Microseconds kPauseOfAdmission{1'000};

void raiseDescriptorLimit(int wanted)
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    if (limit.rlim_max < rlim_t(wanted)) { // root may
        rlimit more{rlim_t(wanted), rlim_t(wanted)};
        if (setrlimit(RLIMIT_NOFILE, &more) == 0)
            return;
        fail("so many connections need " + std::to_string(wanted) + " descriptors; the limit is "
             + std::to_string(limit.rlim_max) + " (ulimit -n)");
    }
    setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

Swarm::Swarm(const Options &options, SwarmObserver &observer)
    : m_options(options)
    , m_observer(observer)
    , m_epoll(epoll_create1(EPOLL_CLOEXEC))
    , m_buffer(kReadAtOnce)
{
    raiseDescriptorLimit(options.connections + kOtherDescriptors);
    m_connections.resize(std::size_t(options.connections));
    const int talking = options.talkingConnections();
    for (int i = 0; i < options.connections; ++i) {
        Connection &connection = m_connections[std::size_t(i)];
        connection.index = i;
        // The silent ones sit in rooms of the same size, behind those that talk.
        connection.room = i < talking ? i / options.roomSize
                                      : options.talkingRooms() + (i - talking) / options.roomSize;
        connection.node = std::size_t(i) % options.targets.size();
        connection.target = options.targets[connection.node];
    }
}

Swarm::~Swarm()
{
    for (Connection &connection : m_connections) {
        if (!connection.isOpen())
            continue;
        // A reset: thousands in TIME_WAIT would be in the next run's way.
        const linger now{1, 0};
        setsockopt(connection.descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        ::close(connection.descriptor);
    }
    ::close(m_epoll);
}

std::string Swarm::roomOf(const Connection &connection) const
{
    return m_options.prefix + 'r' + std::to_string(connection.room);
}

std::string Swarm::userOf(const Connection &connection) const
{
    std::string number = std::to_string(connection.index);
    number.insert(0, 9 - std::min<std::size_t>(9, number.size()), '0');
    return m_options.prefix + 'u' + number;
}

void Swarm::admitAll()
{
    for (const Connection &connection : m_connections)
        m_waiting.push_back(connection.index);
    m_beatAt = now() + fromSeconds(m_options.heartbeat / m_options.connections);
}

void Swarm::turn(Microseconds longestWait)
{
    const Microseconds time = now();
    admit(time);
    beat(time);
    expire(time);
    Microseconds wait = std::clamp(longestWait, Microseconds(0), kLongestWait);
    if (!m_waiting.empty())
        wait = std::min(wait, kPauseOfAdmission);
    if (isBeating())
        wait = std::clamp(m_beatAt - time, Microseconds(0), wait);
    const timespec exactly{0, long(wait.count()) * 1000};
    std::array<epoll_event, 1024> events{};
    const int count = epoll_pwait2(m_epoll, events.data(), int(events.size()), &exactly, nullptr);
    for (int i = 0; i < count; ++i) {
        const epoll_event &event = events[std::size_t(i)];
        Connection &connection = m_connections[event.data.u32];
        if ((event.events & EPOLLOUT) && connection.isOpen())
            write(connection);
        if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && connection.isOpen())
            receive(connection);
    }
}

void Swarm::beat(Microseconds time)
{
    if (!isBeating())
        return;
    const Microseconds step = fromSeconds(m_options.heartbeat / m_options.connections);
    for (int i = 0; i < m_options.connections && m_beatAt <= time; ++i) {
        Connection &connection = m_connections[m_nextBeat++ % m_connections.size()];
        if (connection.state == Connection::State::Ready)
            send(connection, heartbeatMessage(roomOf(connection), m_beatAt));
        m_beatAt += std::max(step, Microseconds(1));
    }
}

void Swarm::send(Connection &connection, std::string_view text)
{
    m_frame.clear();
    appendClientFrame(m_frame, Frame::kText, text);
    if (!connection.out.empty()) {
        connection.out += m_frame;
        return;
    }
    const ssize_t count =
        ::send(connection.descriptor, m_frame.data(), m_frame.size(), MSG_NOSIGNAL);
    if (count == ssize_t(m_frame.size()))
        return;
    if (count < 0 && errno != EAGAIN)
        return; // reading will tell
    connection.out = m_frame.substr(std::size_t(std::max<ssize_t>(count, 0)));
    await(connection, true);
}

void Swarm::write(Connection &connection)
{
    while (!connection.out.empty()) {
        const ssize_t count = ::send(connection.descriptor, connection.out.data(),
                                     connection.out.size(), MSG_NOSIGNAL);
        if (count < 0)
            return; // later, or reading will tell
        connection.out.erase(0, std::size_t(count));
    }
    await(connection, false);
}

void Swarm::await(Connection &connection, bool isWriteAwaited)
{
    if (connection.isWriteAwaited == isWriteAwaited)
        return;
    connection.isWriteAwaited = isWriteAwaited;
    epoll_event event{};
    event.events = EPOLLIN | (isWriteAwaited ? std::uint32_t(EPOLLOUT) : 0u);
    event.data.u32 = std::uint32_t(connection.index);
    epoll_ctl(m_epoll, EPOLL_CTL_MOD, connection.descriptor, &event);
}

void Swarm::receive(Connection &connection)
{
    const std::size_t old = connection.in.size();
    if (old + kReadAtOnce / 2 > m_buffer.size())
        m_buffer.resize(old + kReadAtOnce);
    std::memcpy(m_buffer.data(), connection.in.data(), old);
    const ssize_t count =
        recv(connection.descriptor, m_buffer.data() + old, m_buffer.size() - old, 0);
    if (count <= 0) {
        if (count == 0 || errno != EAGAIN)
            handleClosed(connection, 1006);
        return;
    }
    connection.in.clear();
    const std::size_t have = old + std::size_t(count);
    if (connection.state == Connection::State::AskingToken
        || connection.state == Connection::State::Upgrading) {
        connection.in.assign(m_buffer.data(), have);
        readHead(connection);
    } else {
        readFrames(connection, m_buffer.data(), have);
    }
}

void Swarm::readFrames(Connection &connection, char *bytes, std::size_t count)
{
    const Microseconds time = now();
    std::size_t done = 0;
    while (connection.isOpen()) {
        const Frame frame = Frame::read(bytes + done, count - done);
        if (frame.isWrong) {
            failed(connection, "a frame that is too long, or a fragment");
            return;
        }
        if (frame.size == 0)
            break;
        done += frame.size;
        if (frame.opcode == Frame::kText) {
            readText(connection, frame.payload, time);
        } else if (frame.opcode == Frame::kPing) {
            appendClientFrame(connection.out, Frame::kPong, frame.payload);
            write(connection);
        } else if (frame.opcode == Frame::kClose) {
            const auto byte = [&](std::size_t at) { return int(std::uint8_t(frame.payload[at])); };
            handleClosed(connection, frame.payload.size() < 2 ? 1005 : byte(0) << 8 | byte(1));
        }
    }
    if (connection.isOpen() && done < count)
        connection.in.assign(bytes + done, count - done);
}

} // namespace Rollcall::Bench

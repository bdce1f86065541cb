// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/limitserver.h"

#include "bench/clientwire.h"
#include "bench/frame.h"
#include "bench/handshake.h"
#include "bench/report.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Rollcall::Bench {

namespace {

constexpr std::size_t kReadAtOnce = 64 << 10;
constexpr std::size_t kKeptCapacity = 4096;

} // namespace

LimitServer::LimitServer(int port)
    : m_listener(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0))
    , m_epoll(epoll_create1(EPOLL_CLOEXEC))
    , m_buffer(2 * kReadAtOnce)
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    const int on = 1;
    setsockopt(m_listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(std::uint16_t(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(m_listener, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0
        || listen(m_listener, 4096) != 0)
        fail("cannot listen on port " + std::to_string(port) + ": " + std::strerror(errno));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = m_listener;
    epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_listener, &event);
}

int LimitServer::port() const
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size);
    return ntohs(address.sin_port);
}

void LimitServer::run()
{
    std::array<epoll_event, 512> events{};
    for (;;) {
        const int count = epoll_wait(m_epoll, events.data(), int(events.size()), -1);
        for (int i = 0; i < count; ++i) {
            const epoll_event &event = events[std::size_t(i)];
            if (event.data.fd == m_listener) {
                accept();
                continue;
            }
            Client *client = m_clients[std::size_t(event.data.fd)];
            if (client && (event.events & EPOLLOUT))
                flush(*client);
            if (client && (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
                receive(*client);
        }
        for (Client *client : m_dirty) {
            if (!client)
                continue;
            client->isDirty = false;
            if (!client->isWriteAwaited)
                flush(*client);
        }
        m_dirty.clear();
    }
}

void LimitServer::accept()
{
    for (;;) {
        const int descriptor = accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0)
            return;
        const int on = 1;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (std::size_t(descriptor) >= m_clients.size())
            m_clients.resize(2 * std::size_t(descriptor) + 1);
        m_clients[std::size_t(descriptor)] = new Client(descriptor);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = descriptor;
        epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event);
    }
}

void LimitServer::receive(Client &client)
{
    const std::size_t old = std::min(client.in.size(), kReadAtOnce);
    std::memcpy(m_buffer.data(), client.in.data(), old);
    const ssize_t count = recv(client.descriptor, m_buffer.data() + old, kReadAtOnce, 0);
    if (count <= 0) {
        if (count == 0 || errno != EAGAIN)
            drop(client);
        return;
    }
    const std::size_t have = old + std::size_t(count);
    std::size_t done = 0;
    if (!client.isOpen) {
        const std::string_view text(m_buffer.data(), have);
        const std::size_t end = text.find("\r\n\r\n");
        if (end == std::string_view::npos) {
            client.in.assign(text);
            return;
        }
        const std::string answer = upgradeResponse(text.substr(0, end + 2));
        if (answer.empty()
            || send(client.descriptor, answer.data(), answer.size(), MSG_NOSIGNAL)
                != ssize_t(answer.size())) {
            drop(client);
            return;
        }
        client.isOpen = true;
        done = end + 4;
    }
    for (;;) {
        const Frame frame = Frame::read(m_buffer.data() + done, have - done);
        if (frame.isWrong || frame.opcode == Frame::kClose) {
            drop(client);
            return;
        }
        if (frame.size == 0)
            break;
        done += frame.size;
        if (frame.opcode == Frame::kText)
            handle(client, frame.payload);
    }
    client.in.assign(m_buffer.data() + done, have - done);
}

void LimitServer::handle(Client &client, std::string_view text)
{
    // {"v":1,"t":"avatar_transform": the letter tells them apart.
    constexpr std::size_t kType = 12;
    const char type = text.size() > kType ? text[kType] : ' ';
    if (type == 'j') {
        enter(client, text);
    } else if (type == 'h') {
        m_frame.clear();
        appendServerFrame(m_frame, Frame::kText,
                          R"({"v":1,"t":"heartbeat_ack","payload":{"clientTimeMs":)"
                              + std::string(member(text, "clientTimeMs")) + "}}");
        deliver(client, m_frame);
    } else if ((type == 'a' || type == 'l') && client.room) {
        m_frame.clear();
        appendServerFrame(m_frame, Frame::kText, text);
        // One's own chat comes back, one's own movement does not.
        for (Client *other : *client.room) {
            if (other != &client || type == 'l')
                deliver(*other, m_frame);
        }
    }
}

void LimitServer::enter(Client &client, std::string_view text)
{
    const std::string name(member(text, "roomId"));
    if (client.room)
        std::erase(*client.room, &client);
    client.room = &m_rooms[name];
    client.room->push_back(&client);
    m_frame.clear();
    appendServerFrame(m_frame, Frame::kText,
                      R"({"v":1,"t":"room_state","payload":{"roomId":")" + name
                          + R"(","members":[]}})");
    deliver(client, m_frame);
}

void LimitServer::deliver(Client &client, std::string_view frame)
{
    client.out += frame;
    if (!client.isDirty) {
        client.isDirty = true;
        m_dirty.push_back(&client);
    }
}

void LimitServer::flush(Client &client)
{
    if (client.out.empty())
        return;
    const ssize_t count =
        send(client.descriptor, client.out.data(), client.out.size(), MSG_NOSIGNAL);
    if (count != ssize_t(client.out.size())) {
        client.out.erase(0, std::size_t(std::max<ssize_t>(count, 0)));
        await(client, true);
        return;
    }
    client.out.clear();
    if (client.out.capacity() > kKeptCapacity)
        client.out = {};
    await(client, false);
}

void LimitServer::await(Client &client, bool isWriteAwaited)
{
    if (client.isWriteAwaited == isWriteAwaited)
        return;
    client.isWriteAwaited = isWriteAwaited;
    epoll_event event{};
    event.events = EPOLLIN | (isWriteAwaited ? std::uint32_t(EPOLLOUT) : 0u);
    event.data.fd = client.descriptor;
    epoll_ctl(m_epoll, EPOLL_CTL_MOD, client.descriptor, &event);
}

void LimitServer::drop(Client &client)
{
    if (client.room)
        std::erase(*client.room, &client);
    std::ranges::replace(m_dirty, &client, static_cast<Client *>(nullptr));
    m_clients[std::size_t(client.descriptor)] = nullptr;
    close(client.descriptor);
    delete &client;
}

} // namespace Rollcall::Bench

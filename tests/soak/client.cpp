// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "soak/client.h"

#include "bench/frame.h"
#include "bench/handshake.h"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <simdjson.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Rollcall::Soak {

namespace {

using Bench::Frame;

constexpr std::size_t kReadAtOnce = 64 << 10;
constexpr int kSmallBuffer = 4096;
constexpr int kSmallSegment = 536;

} // namespace

bool Client::open(int epoll, std::uint64_t key, const Bench::Target &target)
{
    m_epoll = epoll;
    m_key = key;
    m_isUpgraded = false;
    m_closeCode = 0;
    m_in.clear();
    m_begin = 0;
    isReading = true;
    m_out = Bench::upgradeRequest(target.host, target.path);
    m_descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (isSlow) { // small segments keep the kernel's buffer on the host's side small
        setsockopt(m_descriptor, SOL_SOCKET, SO_RCVBUF, &kSmallBuffer, sizeof kSmallBuffer);
        setsockopt(m_descriptor, IPPROTO_TCP, TCP_MAXSEG, &kSmallSegment, sizeof kSmallSegment);
    }
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT;
    event.data.u64 = key;
    epoll_ctl(epoll, EPOLL_CTL_ADD, m_descriptor, &event);
    const auto *address = reinterpret_cast<const sockaddr *>(&target.address);
    return connect(m_descriptor, address, sizeof target.address) == 0 || errno == EINPROGRESS;
}

void Client::close(End end)
{
    if (!isOpen())
        return;
    if (end == End::Reset) {
        const linger now{1, 0};
        setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    ::close(m_descriptor);
    m_descriptor = -1;
    m_out.clear();
}

void Client::sendClose(int code)
{
    const char payload[] = {char(code >> 8), char(code & 255)};
    Bench::appendClientFrame(m_out, Frame::kClose, {payload, sizeof payload});
    flush();
}

void Client::watch()
{
    epoll_event event{};
    event.events =
        (isReading ? std::uint32_t(EPOLLIN) : 0u) | (m_out.empty() ? 0u : std::uint32_t(EPOLLOUT));
    event.data.u64 = m_key;
    epoll_ctl(m_epoll, EPOLL_CTL_MOD, m_descriptor, &event);
}

void Client::setReading(bool reading)
{
    isReading = reading;
    watch();
}

void Client::send(std::string_view message)
{
    const bool mustWait = !m_out.empty();
    Bench::appendClientFrame(m_out, Frame::kText, message);
    if (!mustWait)
        flush();
}

void Client::flush()
{
    const ssize_t count = ::send(m_descriptor, m_out.data(), m_out.size(), MSG_NOSIGNAL);
    if (count > 0)
        m_out.erase(0, std::size_t(count));
    watch();
}

bool Client::receive()
{
    if (m_begin > 0)
        m_in.erase(0, std::exchange(m_begin, 0));
    const std::size_t old = m_in.size();
    m_in.resize(old + kReadAtOnce);
    const ssize_t count = ::recv(m_descriptor, m_in.data() + old, kReadAtOnce, 0);
    m_in.resize(old + std::size_t(std::max<ssize_t>(count, 0)));
    m_in.reserve(m_in.size() + simdjson::SIMDJSON_PADDING);
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

bool Client::readHead()
{
    const std::size_t end = m_in.find("\r\n\r\n", m_begin);
    if (end == std::string::npos)
        return false;
    m_isUpgraded = m_in.compare(m_begin, 12, "HTTP/1.1 101") == 0;
    m_begin = end + 4;
    if (!m_isUpgraded)
        m_closeCode = 1006;
    return m_isUpgraded;
}

std::optional<std::string_view> Client::nextMessage()
{
    if (!m_isUpgraded)
        return readHead() ? std::optional(std::string_view()) : std::nullopt;
    while (m_closeCode == 0) {
        const Frame frame = Frame::read(m_in.data() + m_begin, m_in.size() - m_begin);
        if (frame.isWrong)
            m_closeCode = 1002;
        if (frame.size == 0)
            break;
        m_begin += frame.size;
        if (frame.opcode == Frame::kText)
            return frame.payload;
        if (frame.opcode == Frame::kPing) {
            Bench::appendClientFrame(m_out, Frame::kPong, frame.payload);
            flush();
        } else if (frame.opcode == Frame::kClose) {
            const auto byte = [&](std::size_t at) { return int(std::uint8_t(frame.payload[at])); };
            m_closeCode = frame.payload.size() < 2 ? 1005 : byte(0) << 8 | byte(1);
        }
    }
    return std::nullopt;
}

} // namespace Rollcall::Soak

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "soak/httpcalls.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace Rollcall::Soak {

namespace {

constexpr int kAtOnce = 32;

} // namespace

HttpCalls::~HttpCalls()
{
    for (const Call &call : m_calls) {
        if (call.descriptor >= 0)
            ::close(call.descriptor);
    }
}

void HttpCalls::call(const Bench::Target &target, const std::string &method,
                     const std::string &path, const std::string &body, Done done)
{
    Call call;
    call.target = &target;
    call.done = std::move(done);
    call.out =
        method + ' ' + path + " HTTP/1.1\r\nHost: " + target.host + "\r\nConnection: close\r\n";
    if (!body.empty())
        call.out += "Content-Type: application/json\r\nContent-Length: "
            + std::to_string(body.size()) + "\r\n";
    call.out += "\r\n" + body;
    if (m_running < kAtOnce)
        start(std::move(call));
    else
        m_waiting.push_back(std::move(call));
}

void HttpCalls::start(Call call)
{
    ++m_running;
    call.descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    auto place = std::find_if(m_calls.begin(), m_calls.end(),
                              [](const Call &each) { return each.descriptor < 0; });
    if (place == m_calls.end())
        place = m_calls.emplace(m_calls.end());
    *place = std::move(call);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT;
    event.data.u64 = m_firstKey + std::uint64_t(place - m_calls.begin());
    epoll_ctl(m_epoll, EPOLL_CTL_ADD, place->descriptor, &event);
    const auto *address = reinterpret_cast<const sockaddr *>(&place->target->address);
    if (connect(place->descriptor, address, sizeof place->target->address) != 0
        && errno != EINPROGRESS)
        finish(*place);
}

void HttpCalls::handleEvent(std::uint64_t key, bool isWritable)
{
    Call &call = m_calls[key - m_firstKey];
    if (call.descriptor < 0)
        return;
    if (isWritable && !call.out.empty()) {
        const ssize_t count =
            ::send(call.descriptor, call.out.data(), call.out.size(), MSG_NOSIGNAL);
        if (count > 0)
            call.out.erase(0, std::size_t(count));
        if (call.out.empty()) {
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u64 = key;
            epoll_ctl(m_epoll, EPOLL_CTL_MOD, call.descriptor, &event);
        }
    }
    char buffer[16384];
    const ssize_t count = ::recv(call.descriptor, buffer, sizeof buffer, 0);
    if (count > 0)
        call.in.append(buffer, std::size_t(count));
    else if (count == 0 || errno != EAGAIN)
        finish(call);
}

void HttpCalls::finish(Call &finished)
{
    ::close(finished.descriptor);
    const Call call = std::exchange(finished, {});
    --m_running;
    if (!m_waiting.empty()) {
        Call next = std::move(m_waiting.front());
        m_waiting.pop_front();
        start(std::move(next));
    }
    const std::size_t end = call.in.find("\r\n\r\n");
    const bool isAnswer = end != std::string::npos && call.in.compare(0, 9, "HTTP/1.1 ") == 0;
    call.done(isAnswer ? std::atoi(call.in.c_str() + 9) : 0,
              isAnswer ? call.in.substr(end + 4) : std::string());
}

} // namespace Rollcall::Soak

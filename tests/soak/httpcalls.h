// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/target.h"

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace Rollcall::Soak {

/// Questions to the hosts over HTTP, on the crowd's epoll descriptor.
class HttpCalls
{
public:
    /// status 0: there was no answer.
    using Done = std::function<void(int status, const std::string &body)>;

    /// `firstKey`: from there on epoll's keys are of these calls.
    HttpCalls(int epoll, std::uint64_t firstKey)
        : m_epoll(epoll)
        , m_firstKey(firstKey)
    { }
    ~HttpCalls();

    void call(const Bench::Target &target, const std::string &method, const std::string &path,
              const std::string &body, Done done);
    void handleEvent(std::uint64_t key, bool isWritable);
    bool isIdle() const { return m_waiting.empty() && m_running == 0; }

private:
    struct Call
    {
        int descriptor = -1;
        std::string out;
        std::string in;
        Done done;
        const Bench::Target *target = nullptr;
    };
    void start(Call call);
    void finish(Call &call);

    int m_epoll;
    std::uint64_t m_firstKey;
    std::vector<Call> m_calls;
    std::deque<Call> m_waiting;
    int m_running = 0;
};

} // namespace Rollcall::Soak

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/probe.h"

#include <poll.h>

namespace Rollcall::Bench {

Probe::Probe(Question question, std::chrono::milliseconds pause)
    : m_question(std::move(question))
    , m_pause(pause)
    , m_thread([this] {
        while (!m_isStopping) {
            const auto begin = std::chrono::steady_clock::now();
            m_question();
            const std::chrono::duration<double, std::milli> took =
                std::chrono::steady_clock::now() - begin;
            m_milliseconds.push_back(took.count());
            poll(nullptr, 0, int(m_pause.count()));
        }
        m_isDone = true;
    })
{ }

Probe::~Probe() { finish(); }

std::vector<double> Probe::finish()
{
    stop();
    if (m_thread.joinable())
        m_thread.join();
    return m_milliseconds;
}

} // namespace Rollcall::Bench

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

namespace Rollcall::Bench {

/// Asks the same question again and again on a thread of its own and notes how long each answer
/// took.
class Probe
{
public:
    using Question = std::function<void()>; ///< returns with the answer

    Probe(Question question, std::chrono::milliseconds pause);
    ~Probe();

    void stop() { m_isStopping = true; }
    /// After stop(): the last answer has come.
    bool isDone() const { return m_isDone; }
    /// Everything since the start, in ms. Waits for the last answer: whoever gives it must not be
    /// this thread.
    std::vector<double> finish();

private:
    Question m_question;
    std::chrono::milliseconds m_pause;
    std::vector<double> m_milliseconds;
    std::atomic<bool> m_isStopping{false};
    std::atomic<bool> m_isDone{false};
    std::thread m_thread;
};

} // namespace Rollcall::Bench

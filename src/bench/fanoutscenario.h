// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/histogram.h"
#include "bench/scenario.h"

#include <vector>

namespace Rollcall::Bench {

/// Senders in rooms. Closed loop: each keeps a window of messages under way, counted by what the
/// next member of the room receives. Open loop: messages by a schedule, whatever comes back.
class FanoutScenario final : public Scenario
{
public:
    explicit FanoutScenario(const Options &options);

    void handleMessage(Connection &connection, std::string_view text, ServerMessage kind,
                       Microseconds time) override;

private:
    struct Sender
    {
        Connection *connection;
        std::string room;
        std::string user;
        Microseconds last{0}; // of the newest message
    };

    void execute() override;
    void report(Report &report) override;
    Microseconds work(Microseconds time);
    void say(Sender &sender, Microseconds time);
    void count(std::string_view text, ServerMessage kind, Microseconds time);
    Sender *witnessed(const Connection &witness, std::string_view text);

    std::vector<Sender> m_senders;
    std::vector<int> m_senderOf; // by connection; -1: none
    std::string m_text; // reused
    Histogram m_latency;
    std::uint64_t m_deliveries = 0;
    std::uint64_t m_frames = 0;
    std::uint64_t m_sent = 0;
    std::uint64_t m_said = 0; // since the start of the schedule
    Microseconds m_start{0};
    bool m_isTalking = false;
};

} // namespace Rollcall::Bench

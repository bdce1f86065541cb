// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/pacer.h"

#include <QCoreApplication>

#include <thread>

namespace Rollcall::Bench {

using namespace std::chrono_literals;

using SteadyClock = std::chrono::steady_clock;

Pacer::Pacer(HeartbeatWay &way, const Crowd &crowd)
    : m_way(way)
{
    // Who entered 15 s apart beats at the same moments.
    constexpr int kGroups = int(kCycle / kBeat);
    const int group = (crowd.size() + kGroups - 1) / kGroups;
    for (int first = 0; first < group; ++first) {
        for (int person = first; person < crowd.size(); person += group)
            m_order.push_back(person);
    }
}

int Pacer::next()
{
    const int person = m_order[m_position];
    m_position = (m_position + 1) % m_order.size();
    return person;
}

int Pacer::run(std::chrono::milliseconds duration)
{
    const auto pause = std::chrono::nanoseconds(kBeat) / qint64(m_order.size());
    const qint64 count = std::chrono::nanoseconds(duration) / pause;
    const auto begin = SteadyClock::now();
    std::chrono::milliseconds passed{0};
    for (qint64 done = 0; done < count;) {
        const auto elapsed = SteadyClock::now() - begin;
        for (const qint64 due = std::min<qint64>(count, elapsed / pause + 1); done < due; ++done)
            m_way.beat(next());
        const auto whole = std::chrono::floor<std::chrono::milliseconds>(elapsed);
        if (whole > passed)
            m_way.pass(whole - std::exchange(passed, whole));
        QCoreApplication::processEvents();
        std::this_thread::sleep_until(begin + done * pause);
    }
    m_way.finish();
    return int(count);
}

int Pacer::runCompressed(std::chrono::milliseconds duration)
{
    const qint64 size = qint64(m_order.size());
    qint64 done = 0;
    for (auto now = 0ms; now < duration; now += kTick) {
        for (const qint64 due = size * ((now + kTick) / 1ms) / (kBeat / 1ms); done < due; ++done)
            m_way.beat(next());
        m_way.pass(kTick);
        m_way.finish();
        QCoreApplication::processEvents();
    }
    return int(done);
}

void rest(std::chrono::milliseconds duration)
{
    const auto end = SteadyClock::now() + duration;
    while (SteadyClock::now() < end) {
        QCoreApplication::processEvents();
        std::this_thread::sleep_for(10ms);
    }
}

} // namespace Rollcall::Bench

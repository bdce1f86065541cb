// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/deadlinewheel.h"

#include <algorithm>

namespace Rollcall::Presence {

namespace {

using namespace std::chrono_literals;

// No entry waits further ahead than this: keys that were cleared do not pile up in far buckets.
constexpr auto kHorizon = 5min;
// A sweep this late was not delayed by work but by the process standing still.
constexpr auto kStall = 1s;

} // namespace

DeadlineWheel::DeadlineWheel(Clock &clock, std::function<void(Key)> due)
    : m_clock(clock)
    , m_due(std::move(due))
    , m_timer(clock.createTimer([this] { sweep(); }))
{ }

DeadlineWheel::Bucket DeadlineWheel::bucketOf(SteadyTime deadline) const
{
    const SteadyTime until = std::min(deadline, m_clock.now() + kHorizon);
    return (until.time_since_epoch() + kResolution - SteadyTime::duration(1)) / kResolution;
}

void DeadlineWheel::set(Key key, SteadyTime deadline)
{
    if (key >= m_entries.size())
        m_entries.resize(key + 1);
    Entry &entry = m_entries[key];
    entry.deadline = deadline;
    if (deadline == kNever) {
        entry.bucket = kNoBucket;
        return;
    }
    const Bucket bucket = bucketOf(deadline);
    if (entry.bucket == kNoBucket || bucket < entry.bucket) {
        put(key, bucket);
        arm();
    }
}

void DeadlineWheel::clear(Key key)
{
    if (key < m_entries.size())
        m_entries[key] = {};
}

void DeadlineWheel::put(Key key, Bucket bucket)
{
    m_entries[key].bucket = bucket;
    m_buckets[bucket].push_back(key);
}

void DeadlineWheel::arm()
{
    if (m_stalled)
        return;
    if (m_buckets.empty()) {
        m_timer->stop();
        m_armed = kNoBucket;
        return;
    }
    const Bucket next = m_buckets.begin()->first;
    if (m_armed == next && m_timer->isActive())
        return;
    m_armed = next;
    const auto wait = SteadyTime(next * kResolution) - m_clock.now();
    // Rounded up: a timer of whole milliseconds must not fire before its bucket has ended.
    m_timer->startOnce(std::chrono::ceil<std::chrono::milliseconds>(wait));
}

void DeadlineWheel::sweep()
{
    const SteadyTime now = m_clock.now();
    if (!m_buckets.empty()) {
        m_lag = std::chrono::floor<std::chrono::milliseconds>(
            now - SteadyTime(m_buckets.begin()->first * kResolution));
        if (m_lag > kStall && !m_stalled) {
            m_stalled = true;
            m_timer->startOnce(kStallPause);
            return;
        }
    }
    m_stalled = false;
    m_armed = kNoBucket;
    const Bucket current = now.time_since_epoch() / kResolution;
    while (!m_buckets.empty() && m_buckets.begin()->first <= current) {
        const Bucket bucket = m_buckets.begin()->first;
        const std::vector<Key> keys = std::move(m_buckets.begin()->second);
        m_buckets.erase(m_buckets.begin());
        m_examined += keys.size();
        for (const Key key : keys) {
            Entry &entry = m_entries[key];
            if (entry.bucket != bucket)
                continue;
            entry.bucket = kNoBucket;
            if (entry.deadline > now) {
                put(key, bucketOf(entry.deadline));
            } else {
                entry.deadline = kNever;
                m_due(key);
            }
        }
    }
    arm();
}

} // namespace Rollcall::Presence

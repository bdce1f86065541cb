// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"

#include <QtGlobal>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace Rollcall::Presence {

/// Deadlines of many things behind one timer, each thing named by a small number.
///
/// Moving a deadline on only writes a field: the entry stays in its bucket, and is put where it
/// belongs when that bucket comes due. A deadline is reported within kResolution after it has
/// passed, never before. When the process itself was held up (stopped, suspended), expiry waits for
/// one more kStallPause, so that input that has arrived meanwhile is read first.
class DeadlineWheel
{
public:
    using Key = quint32;
    using SteadyTime = Clock::SteadyTime;

    static constexpr std::chrono::milliseconds kResolution{100};
    static constexpr std::chrono::milliseconds kStallPause{250};
    static constexpr SteadyTime kNever = SteadyTime::max();

    /// `due` runs once per entry that has passed; the entry is cleared before. It may set and clear
    /// any.
    DeadlineWheel(Clock &clock, std::function<void(Key)> due);

    void set(Key key, SteadyTime deadline);
    void clear(Key key);
    SteadyTime deadline(Key key) const { return m_entries[key].deadline; }
    /// How late the last sweep was against the end of its bucket.
    std::chrono::milliseconds lag() const { return m_lag; }

    /// Entries that sweeps have looked at: what the wheel costs.
    quint64 examined() const { return m_examined; }

private:
    using Bucket = qint64;
    static constexpr Bucket kNoBucket = -1;
    struct Entry
    {
        SteadyTime deadline = kNever;
        Bucket bucket = kNoBucket;
    };
    Bucket bucketOf(SteadyTime deadline) const;
    void put(Key key, Bucket bucket);
    void sweep();
    void arm();

    Clock &m_clock;
    std::function<void(Key)> m_due;
    std::vector<Entry> m_entries; // by key
    std::map<Bucket, std::vector<Key>>
        m_buckets; // may hold keys that have moved: the entry decides
    std::unique_ptr<ClockTimer> m_timer;
    Bucket m_armed = kNoBucket;
    std::chrono::milliseconds m_lag{0};
    quint64 m_examined = 0;
    bool m_stalled = false;
};

} // namespace Rollcall::Presence

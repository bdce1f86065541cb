// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/scoredusers.h"

#include <algorithm>
#include <tuple>

namespace Rollcall::Presence {

void ScoredUsers::add(Entry entry)
{
    Bucket &bucket = m_buckets[entry.score / m_resolution];
    bucket.entries.push_back(std::move(entry));
    bucket.isSorted = false;
}

std::vector<ScoredUsers::Entry> ScoredUsers::takeHighest(size_t count)
{
    std::vector<Entry> taken;
    while (taken.size() < count && !m_buckets.empty()) {
        const auto highest = std::prev(m_buckets.end());
        std::vector<Entry> &entries = highest->second.entries;
        if (!std::exchange(highest->second.isSorted, true)) {
            std::ranges::sort(entries, {}, [](const Entry &entry) {
                return std::tie(entry.score, entry.user.name); // as Redis sorts them
            });
        }
        const size_t part = std::min(count - taken.size(), entries.size());
        std::move(entries.rbegin(), entries.rbegin() + qsizetype(part), std::back_inserter(taken));
        entries.resize(entries.size() - part);
        if (entries.empty())
            m_buckets.erase(highest);
    }
    return taken;
}

std::vector<ScoredUsers::Entry> ScoredUsers::takeAll()
{
    std::vector<Entry> taken;
    for (auto &[key, bucket] : m_buckets)
        std::ranges::move(bucket.entries, std::back_inserter(taken));
    m_buckets.clear();
    return taken;
}

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/strongid.h"

#include <map>
#include <vector>

namespace Rollcall::Presence {

/// Users on their way into a sorted set, the highest scores first, a part at a time: Redis inserts
/// before what it has inserted last at a third of what it costs in any other order. Sorted as they
/// are taken, so that a hundred thousand of them do not hold up the loop.
class ScoredUsers
{
public:
    struct User
    {
        UserId id;
        QByteArray name; ///< in sets
        QByteArray device; ///< deviceId
        RoomId room; ///< in which they were restored
    };
    struct Entry
    {
        qint64 score = 0;
        User user;
    };

    /// `resolution`: scores in a bucket of those that are sorted together.
    explicit ScoredUsers(qint64 resolution)
        : m_resolution(resolution)
    { }

    void add(Entry entry);
    std::vector<Entry> takeHighest(size_t count);
    /// In any order.
    std::vector<Entry> takeAll();
    bool isEmpty() const { return m_buckets.empty(); }

private:
    struct Bucket
    {
        std::vector<Entry> entries;
        bool isSorted = false; // the highest last
    };

    qint64 m_resolution;
    std::map<qint64, Bucket> m_buckets;
};

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/result.h"
#include "plugins/rooms/roomstatus.h"

#include <QUrlQuery>

#include <optional>
#include <vector>

namespace Rollcall::Rooms {

/// What GET /rooms was asked for: filters, order and page.
struct RoomQuery
{
    enum class Sort {
        Occupancy, ///< fullest first
        Free, ///< most free seats first
        Name,
    };

    std::optional<QByteArray> region;
    std::optional<QByteArray> theme;
    std::optional<int> minOccupancy;
    std::optional<int> maxOccupancy;
    std::optional<bool> hasSpace;
    RoomKind kind = RoomKind::Room;
    Sort sort = Sort::Occupancy;
    int limit = 100;
    QByteArray after; ///< where the page begins: what nextCursor said, decoded

    static constexpr int kMaxLimit = 1000;

    /// Errors: BadRequest, OutOfRange, with the parameter's name for the peer. Unknown parameters
    /// are ignored.
    static Result<RoomQuery> parse(const QUrlQuery &query);
    /// Equal for queries with the same answer.
    QByteArray cacheKey() const;

    struct Page
    {
        std::vector<const RoomStatus *> rooms;
        QByteArray nextCursor; ///< empty: this was the last page
    };
    /// The page of these rooms. A cursor is a place in the order, so that pages stay right while
    /// rooms change: only a room that itself moves over the border is seen twice or not at all.
    Page apply(const std::vector<RoomStatus> &rooms) const;

private:
    bool accepts(const RoomStatus &room) const;
    QByteArray sortKey(const RoomStatus &room) const;
};

} // namespace Rollcall::Rooms

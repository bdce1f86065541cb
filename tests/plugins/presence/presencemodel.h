// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/services/presenceservice.h"
#include "support/testredis.h"

#include <QByteArray>

#include <array>
#include <map>
#include <set>

namespace Rollcall::Presence {

/// What must be true: which node holds which user in which room, by which connections. And what
/// Redis must hold then, key by key.
class PresenceModel
{
public:
    static constexpr int kNodes = 3;
    using Names = std::set<QByteArray>;
    struct SeatKey
    {
        QByteArray room;
        QByteArray user;
        friend bool operator<(const SeatKey &a, const SeatKey &b)
        {
            return a.room != b.room ? a.room < b.room : a.user < b.user;
        }
    };
    using Connections = std::map<quint64, MemberState>;
    using Seats = std::map<SeatKey, Connections>;

    Seats &of(int node) { return m_seats[size_t(node)]; }
    const Seats &of(int node) const { return m_seats[size_t(node)]; }
    void setName(int node, const QByteArray &name) { m_names[size_t(node)] = name; }
    void remove(int node, const SeatKey &seat, quint64 connection);
    size_t connectionCount() const;

    std::map<QByteArray, Names> rooms() const;
    Names users() const;
    Names heldBy(int node, const QByteArray &room) const;
    /// How many nodes hold the user in the room.
    int holders(const SeatKey &seat) const;
    /// Away when every connection is.
    static MemberState stateOf(const Connections &connections);

    /// What in Redis is not as it must be; empty if nothing. All of it is looked at, at one moment.
    /// `now` in Redis' time.
    QByteArray differenceIn(TestRedis &redis, qint64 now, std::chrono::milliseconds ttl) const;

    /// What this node believes and should not, and what it has announced.
    QByteArray differenceOn(int node, const PresenceService &presence,
                            const std::map<QByteArray, Names> &announced,
                            const Names &online) const;

private:
    struct Expected;
    Expected expected() const;

    std::array<Seats, kNodes> m_seats;
    std::array<QByteArray, kNodes> m_names; // empty: the node is down
};

} // namespace Rollcall::Presence

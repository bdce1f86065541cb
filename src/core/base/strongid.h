// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QHashFunctions>
#include <QMetaType>

#include <compare>
#include <functional>
#include <utility>

namespace Rollcall {

/// An id that cannot be mistaken for another kind of id or for a plain string.
///
/// Text ids hold UTF-8 as it travels on the wire and in Redis (QByteArray: implicitly shared, 24
/// bytes).
template <typename Tag, typename Representation>
class StrongId
{
public:
    StrongId() = default;
    explicit StrongId(Representation value)
        : m_value(std::move(value))
    { }

    const Representation &value() const { return m_value; }
    bool isNull() const { return m_value == Representation(); }

    friend bool operator==(const StrongId &a, const StrongId &b) { return a.m_value == b.m_value; }
    friend bool operator!=(const StrongId &a, const StrongId &b) { return !(a == b); }
    friend bool operator<(const StrongId &a, const StrongId &b) { return a.m_value < b.m_value; }
    friend size_t qHash(const StrongId &id, size_t seed = 0) { return ::qHash(id.m_value, seed); }

private:
    Representation m_value = Representation();
};

using RoomId = StrongId<struct RoomTag, QByteArray>;
using UserId = StrongId<struct UserTag, QByteArray>;
/// `<node id>.<incarnation>`: one run of one host process.
using NodeId = StrongId<struct NodeTag, QByteArray>;
/// Unique within one node's run, never 0, never reused.
using ConnectionId = StrongId<struct ConnectionTag, quint64>;

} // namespace Rollcall

template <typename Tag, typename Representation>
struct std::hash<Rollcall::StrongId<Tag, Representation>>
{
    // Whoever promises not to throw has it computed again, and texts compared, for each neighbour
    // in a bucket: the standard library keeps the hashes of others beside the keys.
    size_t operator()(const Rollcall::StrongId<Tag, Representation> &id) const
        noexcept(std::is_integral_v<Representation>)
    {
        return qHash(id, 0);
    }
};

Q_DECLARE_METATYPE(Rollcall::RoomId)
Q_DECLARE_METATYPE(Rollcall::UserId)
Q_DECLARE_METATYPE(Rollcall::NodeId)
Q_DECLARE_METATYPE(Rollcall::ConnectionId)

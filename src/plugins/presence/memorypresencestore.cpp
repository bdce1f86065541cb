// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/memorypresencestore.h"

namespace Rollcall::Presence {

MemoryPresenceStore::MemoryPresenceStore(NodeId node, MemoryExchange *exchange, QObject *parent)
    : PresenceStore(parent)
    , m_node(std::move(node))
    , m_exchange(exchange ? exchange : &m_own)
{
    m_exchange->m_stores.push_back(this);
}

MemoryPresenceStore::~MemoryPresenceStore() { std::erase(m_exchange->m_stores, this); }

template <typename Notice>
void MemoryPresenceStore::tellOthers(Notice notice, const RoomId *watchers)
{
    const auto stores = m_exchange->m_stores; // a copy: whoever is told may change it
    for (MemoryPresenceStore *store : stores) {
        if (store != this && (!watchers || store->m_watched.contains(*watchers)))
            notice(*store);
    }
}

void MemoryPresenceStore::tellStatus(const UserId &user, bool isOnline)
{
    tellOthers(
        [&](MemoryPresenceStore &store) { Q_EMIT store.userStatusReported(user, isOnline); });
    Q_EMIT userStatusReported(user, isOnline);
}

void MemoryPresenceStore::watch(const RoomId &room)
{
    m_watched.insert(room);
    reload(room);
}

std::vector<HeldMember> MemoryPresenceStore::heldElsewhere(const RoomId &room) const
{
    std::vector<HeldMember> held;
    if (const auto it = m_exchange->m_rooms.find(room); it != m_exchange->m_rooms.end()) {
        for (const auto &[user, nodes] : it->second.seats) {
            for (const auto &[node, member] : nodes) {
                if (node != m_node)
                    held.push_back({node, member});
            }
        }
    }
    return held;
}

void MemoryPresenceStore::reload(const RoomId &room)
{
    Q_EMIT roomLoaded(room, {heldElsewhere(room), {}});
}

void MemoryPresenceStore::join(const SeatRecord &seat, ChangeCallback done)
{
    const RoomId &id = seat.room;
    auto &nodes = m_exchange->m_rooms[id].seats[seat.member.user];
    const bool isFirst = nodes.empty();
    const bool isNew = !nodes.contains(m_node);
    nodes[m_node] = seat.member;
    auto &holders = m_exchange->m_users[seat.member.user];
    const bool cameOnline = holders.empty();
    holders.insert({m_node, id});
    const int users = int(m_exchange->m_rooms[id].seats.size());
    tellOthers(
        [&](MemoryPresenceStore &store) {
            if (isNew)
                Q_EMIT store.seatTaken(id, m_node, seat.member);
            else
                Q_EMIT store.seatUpdated(id, m_node, seat.member);
        },
        &id);
    tellOthers([&](MemoryPresenceStore &store) { Q_EMIT store.occupancyReported(id, users); });
    if (cameOnline)
        tellStatus(seat.member.user, true);
    if (done)
        done(SeatChange{isFirst, users, cameOnline});
}

void MemoryPresenceStore::leave(const RoomId &id, const UserId &user, LeaveReason reason,
                                ChangeCallback done)
{
    auto room = m_exchange->m_rooms.find(id);
    bool wasHeld = false;
    bool isLast = false;
    int users = 0;
    if (room != m_exchange->m_rooms.end()) {
        auto &seats = room->second.seats;
        if (const auto seat = seats.find(user); seat != seats.end()) {
            wasHeld = seat->second.erase(m_node) > 0;
            isLast = seat->second.empty();
            if (isLast)
                seats.erase(seat);
        }
        users = int(seats.size());
        if (seats.empty())
            m_exchange->m_rooms.erase(room);
    }
    bool wentOffline = false;
    if (const auto holders = m_exchange->m_users.find(user); holders != m_exchange->m_users.end()) {
        holders->second.erase({m_node, id});
        wentOffline = holders->second.empty();
        if (wentOffline)
            m_exchange->m_users.erase(holders);
    }
    if (wasHeld) {
        tellOthers(
            [&](MemoryPresenceStore &store) {
                Q_EMIT store.seatReleased(id, m_node, user, reason);
            },
            &id);
    }
    tellOthers([&](MemoryPresenceStore &store) { Q_EMIT store.occupancyReported(id, users); });
    if (wentOffline)
        tellStatus(user, false);
    if (done)
        done(SeatChange{isLast, users, wentOffline});
}

void MemoryPresenceStore::fetchOccupancies(OccupanciesCallback done)
{
    std::vector<std::pair<RoomId, int>> occupancies;
    for (const auto &[id, room] : m_exchange->m_rooms)
        occupancies.emplace_back(id, int(room.seats.size()));
    done(occupancies);
}

void MemoryPresenceStore::fetchOnline(UsersCallback done)
{
    std::vector<UserId> users;
    for (const auto &[user, holders] : m_exchange->m_users)
        users.push_back(user);
    done(users);
}

void MemoryPresenceStore::publish(const RoomId &room, const QByteArray &payload)
{
    tellOthers(
        [&](MemoryPresenceStore &store) { Q_EMIT store.payloadReceived(room, m_node, payload); },
        &room);
}

void MemoryPresenceStore::evict(const RoomId &room, const UserId &user, LeaveReason reason)
{
    tellOthers(
        [&](MemoryPresenceStore &store) { Q_EMIT store.evictionRequested(room, user, reason); },
        &room);
}

} // namespace Rollcall::Presence

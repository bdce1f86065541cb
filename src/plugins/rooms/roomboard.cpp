// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/roomboard.h"

#include "core/services/presenceservice.h"
#include "plugins/rooms/directory.h"

using namespace std::chrono_literals;

namespace Rollcall::Rooms {

namespace {

constexpr auto kRefreshInterval = 1s;

RoomStatus statusOf(const RoomOccupancy &occupancy)
{
    RoomStatus status;
    status.definition.id = occupancy.room;
    status.definition.name = occupancy.room.value();
    status.definition.kind = occupancy.kind;
    status.users = occupancy.users;
    status.connections = occupancy.connections;
    return status;
}

} // namespace

RoomBoard::RoomBoard(Directory &directory, PresenceService &presence, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_directory(directory)
    , m_presence(presence)
    , m_clock(clock)
{
    const auto forget = [this] { m_refreshedAt.reset(); };
    connect(&directory, &Directory::roomOpened, this, forget);
    connect(&directory, &Directory::roomChanged, this, forget);
    connect(&directory, &Directory::roomClosed, this, forget);
    connect(&presence, &PresenceService::occupancyChanged, this,
            &RoomBoard::handleOccupancyChanged);
    connect(&directory.seats(), &MemorySeatStore::reservedChanged, this,
            &RoomBoard::handleReservedChanged);
}

const std::vector<RoomStatus> &RoomBoard::rooms()
{
    m_directory.seats().expire();
    if (!m_refreshedAt || m_clock.now() - *m_refreshedAt >= kRefreshInterval)
        refresh();
    return m_rooms;
}

void RoomBoard::refresh()
{
    const std::vector<RoomOccupancy> occupancies = m_presence.occupancies();
    m_directory.reconcileAutomatic(occupancies);
    m_directory.seats().expire();

    m_rooms.clear();
    m_others.clear();
    m_index.clear();
    const bool isStub = m_directory.config().useStubOccupancy;
    for (const auto &[id, room] : m_directory.catalog().rooms()) {
        RoomStatus status;
        status.definition = room.definition;
        status.reserved = m_directory.seats().reserved(id);
        if (isStub)
            status.stubOccupancy = room.stubOccupancy;
        m_index.insert(id, m_rooms.size());
        m_rooms.push_back(std::move(status));
    }
    for (const RoomOccupancy &occupancy : occupancies) {
        const auto it = m_index.constFind(occupancy.room);
        if (it != m_index.cend()) {
            m_rooms[*it].users = occupancy.users;
            m_rooms[*it].connections = occupancy.connections;
        } else if (occupancy.kind != RoomKind::Room) {
            m_others.push_back(statusOf(occupancy));
        }
    }
    m_refreshedAt = m_clock.now();
}

std::optional<RoomStatus> RoomBoard::find(const RoomId &room)
{
    const std::vector<RoomStatus> &known = rooms();
    if (const auto it = m_index.constFind(room); it != m_index.cend())
        return known[*it];
    refresh(); // it may have begun on another node just now
    if (const auto it = m_index.constFind(room); it != m_index.cend())
        return m_rooms[*it];
    for (const RoomStatus &other : m_others) {
        if (other.definition.id == room)
            return other;
    }
    return std::nullopt;
}

void RoomBoard::handleOccupancyChanged(const RoomId &room, int users)
{
    if (const auto it = m_index.constFind(room); it != m_index.cend())
        m_rooms[*it].users = users;
}

void RoomBoard::handleReservedChanged(const RoomId &room, int reserved)
{
    if (const auto it = m_index.constFind(room); it != m_index.cend())
        m_rooms[*it].reserved = reserved;
}

} // namespace Rollcall::Rooms

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/roomcatalog.h"

#include "plugins/rooms/roomdefinitionjson.h"

#include <algorithm>

namespace Rollcall::Rooms {

namespace {

template <typename Map>
void appendKeys(std::vector<RoomId> &keys, const Map &map)
{
    for (const auto &[key, value] : map)
        keys.push_back(key);
}

} // namespace

RoomCatalog::Changes RoomCatalog::setConfigured(std::vector<ConfiguredRoom> rooms)
{
    std::vector<RoomId> touched;
    appendKeys(touched, m_configured);
    m_configured.clear();
    for (ConfiguredRoom &room : rooms) {
        const RoomId id = room.definition.id;
        m_configured.insert_or_assign(id, std::move(room));
    }
    appendKeys(touched, m_configured);
    return update(touched);
}

RoomCatalog::Changes RoomCatalog::setStored(std::vector<StoredRoom> rooms)
{
    std::vector<RoomId> touched;
    appendKeys(touched, m_stored);
    m_stored.clear();
    for (StoredRoom &room : rooms) {
        const RoomId id = room.definition.id;
        m_stored.insert_or_assign(id, std::move(room));
    }
    appendKeys(touched, m_stored);
    return update(touched);
}

RoomCatalog::Changes RoomCatalog::putStored(StoredRoom room)
{
    const RoomId id = room.definition.id;
    m_stored.insert_or_assign(id, std::move(room));
    return update({id});
}

RoomCatalog::Changes RoomCatalog::removeStored(const RoomId &room)
{
    m_stored.erase(room);
    return update({room});
}

void RoomCatalog::addAutomatic(const RoomDefinition &room)
{
    m_rooms.try_emplace(room.id, CatalogRoom{room, CatalogRoom::Origin::Automatic, {}});
}

bool RoomCatalog::removeAutomatic(const RoomId &room)
{
    const auto it = m_rooms.find(room);
    if (it == m_rooms.end() || it->second.origin != CatalogRoom::Origin::Automatic)
        return false;
    m_rooms.erase(it);
    return true;
}

const CatalogRoom *RoomCatalog::find(const RoomId &room) const
{
    const auto it = m_rooms.find(room);
    return it == m_rooms.end() ? nullptr : &it->second;
}

std::optional<CatalogRoom> RoomCatalog::effective(const RoomId &room) const
{
    const auto configured = m_configured.find(room);
    const auto stub =
        configured == m_configured.end() ? std::nullopt : configured->second.stubOccupancy;
    if (const auto stored = m_stored.find(room); stored != m_stored.end()) {
        if (stored->second.isClosed)
            return std::nullopt;
        return CatalogRoom{stored->second.definition, CatalogRoom::Origin::Stored, stub};
    }
    if (configured != m_configured.end())
        return CatalogRoom{configured->second.definition, CatalogRoom::Origin::Configured, stub};
    return std::nullopt;
}

RoomCatalog::Changes RoomCatalog::update(const std::vector<RoomId> &rooms)
{
    Changes changes;
    for (const RoomId &id : rooms) {
        const auto before = m_rooms.find(id);
        const bool existed = before != m_rooms.end();
        const auto after = effective(id);
        if (!after) {
            // An automatic room ends when it is empty, not because nobody defined it.
            if (existed && before->second.origin != CatalogRoom::Origin::Automatic) {
                m_rooms.erase(before);
                changes.closed.push_back(id);
            }
        } else if (!existed) {
            m_rooms.emplace(id, *after);
            changes.opened.push_back(id);
        } else {
            const bool isSame = isSameRoom(before->second.definition, after->definition)
                && before->second.stubOccupancy == after->stubOccupancy;
            before->second = *after;
            if (!isSame)
                changes.changed.push_back(id);
        }
    }
    return changes;
}

} // namespace Rollcall::Rooms

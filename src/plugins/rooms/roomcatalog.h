// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/rooms/roomsconfig.h"

#include <unordered_map>

namespace Rollcall::Rooms {

/// A room as operators made or changed it, shared by all nodes.
struct StoredRoom
{
    RoomDefinition definition;
    bool isClosed = false; ///< a configured room that an operator closed
};

struct CatalogRoom
{
    enum class Origin { Configured, Stored, Automatic };

    RoomDefinition definition;
    Origin origin = Origin::Configured;
    std::optional<int> stubOccupancy;
};

/// The rooms there are: those of the configuration, with what operators stored put over them, and
/// those that were made by joining. No input or output.
class RoomCatalog
{
public:
    struct Changes
    {
        std::vector<RoomId> opened;
        std::vector<RoomId> changed;
        std::vector<RoomId> closed;
    };

    Changes setConfigured(std::vector<ConfiguredRoom> rooms);
    /// Everything that is stored, replacing what was known.
    Changes setStored(std::vector<StoredRoom> rooms);
    Changes putStored(StoredRoom room);
    Changes removeStored(const RoomId &room);

    void addAutomatic(const RoomDefinition &room);
    /// False if it is not an automatic room.
    bool removeAutomatic(const RoomId &room);

    /// Valid until the next change.
    const CatalogRoom *find(const RoomId &room) const;
    bool isConfigured(const RoomId &room) const { return m_configured.contains(room); }
    const std::unordered_map<RoomId, CatalogRoom> &rooms() const { return m_rooms; }
    size_t size() const { return m_rooms.size(); }

private:
    Changes update(const std::vector<RoomId> &rooms);
    std::optional<CatalogRoom> effective(const RoomId &room) const;

    std::unordered_map<RoomId, ConfiguredRoom> m_configured;
    std::unordered_map<RoomId, StoredRoom> m_stored;
    std::unordered_map<RoomId, CatalogRoom> m_rooms;
};

} // namespace Rollcall::Rooms

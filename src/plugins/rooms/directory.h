// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/metrics.h"
#include "core/services/roomdirectory.h"
#include "plugins/rooms/memoryseatstore.h"
#include "plugins/rooms/roomcatalog.h"

#include <QPointer>

#include <memory>

namespace Rollcall {
class ModerationService;
class PresenceService;
class RedisService;
struct RoomOccupancy;
} // namespace Rollcall

namespace Rollcall::Rooms {

class RedisSeatStore;
class RoomStore;

/// The RoomDirectory: which rooms there are, and who gets a seat.
class Directory : public RoomDirectory
{
    Q_OBJECT
public:
    /// `redis` may be null. Everything is borrowed.
    Directory(const RoomsConfig &config, PresenceService &presence, RedisService *redis,
              Clock &clock, Metrics &metrics, QObject *parent = nullptr);
    ~Directory() override;

    /// Begins to follow what operators store. After the first connections to roomOpened().
    void start();
    void applyConfiguration(const RoomsConfig &config);
    /// Borrowed; null: nobody is banned.
    void setModeration(ModerationService *moderation);

    const RoomDefinition *find(const RoomId &room) const override;
    std::vector<RoomDefinition> rooms() const override;
    void admit(const AdmissionRequest &request, QObject *context, AdmissionCallback done) override;

    /// As admit(), but while Redis does not answer the error is Unavailable: for clients that can
    /// ask again.
    void reserve(const AdmissionRequest &request, QObject *context, AdmissionCallback done);
    void release(const RoomId &room, const UserId &user);
    bool isBlocked(const RoomId &room, const UserId &user) const;

    /// Makes the room, or changes it. Error: Unavailable.
    void store(const RoomDefinition &room, QObject *context, AdmissionCallback done);
    /// Closes the room for everybody on all nodes. Errors: RoomNotFound, Unavailable.
    void close(const RoomId &room, QObject *context, AdmissionCallback done);

    const RoomCatalog &catalog() const { return m_catalog; }
    const RoomsConfig &config() const { return m_config; }
    MemorySeatStore &seats() { return m_memorySeats; }
    /// Automatic rooms follow who is where: on other nodes they appear, and empty ones go.
    void reconcileAutomatic(const std::vector<RoomOccupancy> &occupancies);

private:
    Result<const RoomDefinition *> openRoom(const AdmissionRequest &request);
    SeatDecision settle(const AdmissionRequest &request, int capacity, SeatDecision decision);
    void publish(const RoomCatalog::Changes &changes);
    void evictEverybody(const RoomId &room);

    RoomsConfig m_config;
    PresenceService &m_presence;
    QPointer<ModerationService> m_moderation;
    RoomCatalog m_catalog;
    MemorySeatStore m_memorySeats;
    std::unique_ptr<RedisSeatStore> m_sharedSeats; // null without Redis
    std::unique_ptr<RoomStore> m_store;
    prometheus::Counter &m_held;
    prometheus::Counter &m_full;
    prometheus::Counter &m_member;
    prometheus::Counter &m_fromMemory;
};

} // namespace Rollcall::Rooms

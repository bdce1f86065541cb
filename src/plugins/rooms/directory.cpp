// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/directory.h"

#include "core/services/moderationservice.h"
#include "core/services/presenceservice.h"
#include "core/services/redisservice.h"
#include "plugins/rooms/redisseatstore.h"
#include "plugins/rooms/roomdefinitionjson.h"
#include "plugins/rooms/roomstore.h"

#include <QLoggingCategory>

namespace Rollcall::Rooms {

namespace {

Q_LOGGING_CATEGORY(logDirectory, "rollcall.plugin.rooms", QtInfoMsg)

prometheus::Counter &seatCounter(Metrics &metrics, const char *decision)
{
    return metrics.counter("rooms_seat_decisions_total", "Seats asked for, by what was decided",
                           {{"decision", decision}});
}

Result<void> resultOf(SeatDecision decision)
{
    if (decision == SeatDecision::Full)
        return Error{ErrorCode::RoomFull, {}, {}};
    return {};
}

} // namespace

Directory::Directory(const RoomsConfig &config, PresenceService &presence, RedisService *redis,
                     Clock &clock, Metrics &metrics, QObject *parent)
    : RoomDirectory(parent)
    , m_config(config)
    , m_presence(presence)
    , m_memorySeats(presence, clock)
    , m_store(std::make_unique<RoomStore>(redis))
    , m_held(seatCounter(metrics, "held"))
    , m_full(seatCounter(metrics, "full"))
    , m_member(seatCounter(metrics, "member"))
    , m_fromMemory(metrics.counter("rooms_seat_decisions_in_memory_total",
                                   "Seats decided by this node alone because Redis did not answer"))
{
    if (redis && redis->isConfigured())
        m_sharedSeats = std::make_unique<RedisSeatStore>(*redis, clock, m_memorySeats);
    connect(m_store.get(), &RoomStore::loaded, this,
            [this](const std::vector<StoredRoom> &rooms) { publish(m_catalog.setStored(rooms)); });
    connect(m_store.get(), &RoomStore::roomStored, this,
            [this](const StoredRoom &room) { publish(m_catalog.putStored(room)); });
    connect(m_store.get(), &RoomStore::roomRemoved, this,
            [this](const RoomId &room) { publish(m_catalog.removeStored(room)); });
    (void)m_catalog.setConfigured(m_config.rooms);
}

Directory::~Directory() = default;

void Directory::start()
{
    m_store->setConfigured(m_config.rooms);
    m_store->start();
}

void Directory::applyConfiguration(const RoomsConfig &config)
{
    m_config = config;
    m_store->setConfigured(config.rooms);
    publish(m_catalog.setConfigured(config.rooms));
}

void Directory::setModeration(ModerationService *moderation) { m_moderation = moderation; }

const RoomDefinition *Directory::find(const RoomId &room) const
{
    const CatalogRoom *found = m_catalog.find(room);
    return found ? &found->definition : nullptr;
}

std::vector<RoomDefinition> Directory::rooms() const
{
    std::vector<RoomDefinition> rooms;
    rooms.reserve(m_catalog.size());
    for (const auto &[id, room] : m_catalog.rooms())
        rooms.push_back(room.definition);
    return rooms;
}

bool Directory::isBlocked(const RoomId &room, const UserId &user) const
{
    static const RoomId kEverywhere("*");
    return m_moderation
        && (m_moderation->isBanned(room, user) || m_moderation->isBanned(kEverywhere, user));
}

Result<const RoomDefinition *> Directory::openRoom(const AdmissionRequest &request)
{
    if (isBlocked(request.room, request.user))
        return Error{ErrorCode::Blocked, {}, {}};
    if (request.kind != RoomKind::Room)
        return nullptr;
    if (const RoomDefinition *room = find(request.room))
        return room;
    if (!m_config.autoCreate || !isValidRoomId(request.room.value())
        || m_catalog.size() >= size_t(m_config.maxRooms))
        return Error{ErrorCode::RoomNotFound, {}, {}};
    RoomDefinition room;
    room.id = request.room;
    room.name = request.room.value();
    room.capacity = m_config.defaultCapacity;
    m_catalog.addAutomatic(room);
    Q_EMIT roomOpened(request.room);
    return find(request.room);
}

SeatDecision Directory::settle(const AdmissionRequest &request, int capacity, SeatDecision decision)
{
    // After an outage Redis may not have everybody back yet: those this node remembers count too.
    if (decision == SeatDecision::Held && m_sharedSeats && !m_presence.isFresh()
        && !m_presence.containsUser(request.room, request.user)
        && m_presence.occupancy(request.room) + m_memorySeats.reserved(request.room) > capacity) {
        m_sharedSeats->release(request.room, request.user);
        decision = SeatDecision::Full;
    }
    switch (decision) {
    case SeatDecision::Full:
        m_full.Increment();
        break;
    case SeatDecision::Held:
        m_held.Increment();
        break;
    case SeatDecision::Member:
        m_member.Increment();
        break;
    }
    return decision;
}

void Directory::reserve(const AdmissionRequest &request, QObject *context, AdmissionCallback done)
{
    const auto room = openRoom(request);
    if (!room) {
        done(room.error());
        return;
    }
    if (!*room || (*room)->capacity == 0) {
        done({});
        return;
    }
    const int capacity = (*room)->capacity;
    SeatStore &seats = m_sharedSeats ? static_cast<SeatStore &>(*m_sharedSeats) : m_memorySeats;
    seats.reserve(
        request.room, capacity, request.user, m_config.reservationTtl, context,
        [self = QPointer(this), request, capacity,
         done = std::move(done)](const Result<SeatDecision> &decision) {
            if (!decision)
                done(decision.error());
            else
                done(resultOf(self ? self->settle(request, capacity, *decision) : *decision));
        });
}

void Directory::admit(const AdmissionRequest &request, QObject *context, AdmissionCallback done)
{
    reserve(request, context,
            [self = QPointer(this), request, done = std::move(done)](const Result<void> &result) {
                if (result || result.error().code != ErrorCode::Unavailable || !self) {
                    done(result);
                    return;
                }
                // Redis does not answer: a session is worth more than an exact count. The room may
                // have gone meanwhile.
                const RoomDefinition *room = self->find(request.room);
                if (!room) {
                    done(Error{ErrorCode::RoomNotFound, {}, {}});
                    return;
                }
                self->m_fromMemory.Increment();
                if (room->capacity == 0) {
                    done({});
                    return;
                }
                done(resultOf(self->m_memorySeats.decide(request.room, room->capacity, request.user,
                                                         self->m_config.reservationTtl)));
            });
}

void Directory::release(const RoomId &room, const UserId &user)
{
    if (m_sharedSeats)
        m_sharedSeats->release(room, user);
    else
        m_memorySeats.release(room, user);
}

void Directory::store(const RoomDefinition &room, QObject *context, AdmissionCallback done)
{
    m_store->put({room, false}, context, std::move(done));
}

void Directory::close(const RoomId &room, QObject *context, AdmissionCallback done)
{
    const CatalogRoom *found = m_catalog.find(room);
    if (!found) {
        done(Error{ErrorCode::RoomNotFound, {}, {}});
        return;
    }
    if (found->origin == CatalogRoom::Origin::Automatic) {
        // Nobody defined it: it goes with the last of its members, on every node.
        evictEverybody(room);
        done({});
    } else if (m_catalog.isConfigured(room)) {
        m_store->put({found->definition, true}, context, std::move(done));
    } else {
        m_store->remove(room, context, std::move(done));
    }
}

void Directory::reconcileAutomatic(const std::vector<RoomOccupancy> &occupancies)
{
    std::vector<RoomId> empty;
    for (const auto &[id, room] : m_catalog.rooms()) {
        if (room.origin == CatalogRoom::Origin::Automatic && m_presence.occupancy(id) == 0
            && m_memorySeats.reserved(id) == 0)
            empty.push_back(id);
    }
    for (const RoomId &room : empty) {
        m_catalog.removeAutomatic(room);
        Q_EMIT roomClosed(room);
    }
    if (!m_config.autoCreate)
        return;
    for (const RoomOccupancy &occupancy : occupancies) {
        if (occupancy.kind != RoomKind::Room || m_catalog.find(occupancy.room))
            continue;
        AdmissionRequest request;
        request.room = occupancy.room;
        (void)openRoom(request);
    }
}

void Directory::publish(const RoomCatalog::Changes &changes)
{
    for (const RoomId &room : changes.opened)
        Q_EMIT roomOpened(room);
    for (const RoomId &room : changes.changed)
        Q_EMIT roomChanged(room);
    for (const RoomId &room : changes.closed) {
        qCInfo(logDirectory, "room closed: %s", room.value().toPercentEncoding(" /").constData());
        Q_EMIT roomClosed(room);
        evictEverybody(room);
    }
}

void Directory::evictEverybody(const RoomId &room)
{
    const RoomSnapshot snapshot = m_presence.snapshot(room);
    for (const Member &member : snapshot.members)
        m_presence.evict(room, member.user, LeaveReason::Kicked);
}

} // namespace Rollcall::Rooms

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
// The hub's part that is about movement: the only kind of event that newer ones replace.
#include "plugins/realtime/hub.h"

#include "plugins/realtime/dialectcodec.h"

#include <algorithm>
#include <utility>

namespace Rollcall::Realtime {

void Hub::move(const RoomId &id, const UserId &user, const Transform &transform,
               ConnectionId origin)
{
    const auto found = m_rooms.find(id);
    if (found == m_rooms.end())
        return;
    Room &room = found->second;
    Place &place = room.places[user];
    place.transform = transform;
    place.origin = origin;
    if (m_config.tick.count() == 0) {
        deliverMovement(room, user, place);
    } else if (!std::exchange(place.isInTick, true)) {
        if (room.movedInTick.empty())
            m_tickRooms.push_back(id);
        room.movedInTick.push_back(user);
        if (!m_tickTimer->isActive())
            m_tickTimer->startOnce(m_config.tick);
    }
    if (room.batchSeats > 0 && !std::exchange(place.isInBatch, true)) {
        if (room.movedInBatch.empty())
            m_batchRooms.push_back(id);
        room.movedInBatch.push_back(user);
        if (!m_batchTimer->isActive())
            m_batchTimer->startOnce(m_config.batchInterval);
    }
}

void Hub::remember(const RoomId &id, const UserId &user, const Transform &transform)
{
    if (const auto room = m_rooms.find(id); room != m_rooms.end())
        room->second.places.try_emplace(user, Place{.transform = transform, .origin = {}});
}

void Hub::forget(const RoomId &id, const UserId &user)
{
    const auto room = m_rooms.find(id);
    if (room == m_rooms.end())
        return;
    room->second.places.erase(user);
    std::erase(room->second.movedInTick, user);
    std::erase(room->second.movedInBatch, user);
}

void Hub::deliverMovement(Room &room, const UserId &user, const Place &place)
{
    forgetEncoded();
    const ServerEvent event = TransformEvent{user.value(), place.transform};
    log(room, event, place.origin);
    for (const Seat &seat : room.seats) {
        Recipient &recipient = *seat.recipient;
        if (seat.isBatch || recipient.id() == place.origin || seat.hides(user))
            continue;
        if (isAbove(recipient, m_config.movementMark))
            holdBack(recipient, room.id, user);
        else
            deliver(recipient, encoded(recipient.codec(), event));
    }
}

void Hub::holdBack(Recipient &recipient, const RoomId &room, const UserId &user)
{
    if (isTooSlow(recipient))
        return;
    std::vector<UserId> &users = m_heldBack[recipient.id()][room];
    if (std::ranges::find(users, user) == users.end())
        users.push_back(user);
    else
        ++m_metrics.counts().movementReplaced;
}

void Hub::resume(Recipient &recipient)
{
    sendHeldBack(recipient);
    readAgain(recipient);
}

void Hub::sendHeldBack(Recipient &recipient)
{
    const auto held = m_heldBack.find(recipient.id());
    if (held == m_heldBack.end())
        return;
    const HeldBack rooms = std::move(held->second);
    m_heldBack.erase(held);
    for (const auto &[id, users] : rooms) {
        const auto room = m_rooms.find(id);
        if (room == m_rooms.end())
            continue;
        const auto seat = std::ranges::find(room->second.seats, &recipient, &Seat::recipient);
        for (const UserId &user : users) {
            const auto place = room->second.places.find(user);
            if (place != room->second.places.end() && place->second.origin != recipient.id()
                && seat != room->second.seats.end() && !seat->hides(user))
                send(recipient, TransformEvent{user.value(), place->second.transform});
        }
    }
}

void Hub::sendTick()
{
    for (const RoomId &id : std::exchange(m_tickRooms, {})) {
        const auto room = m_rooms.find(id);
        if (room == m_rooms.end())
            continue;
        for (const UserId &user : std::exchange(room->second.movedInTick, {})) {
            Place &place = room->second.places[user];
            place.isInTick = false;
            deliverMovement(room->second, user, place);
        }
    }
}

void Hub::sendBatches()
{
    for (const RoomId &id : std::exchange(m_batchRooms, {})) {
        if (const auto room = m_rooms.find(id); room != m_rooms.end())
            sendBatch(id, room->second);
    }
}

// One message for all, encoded once; who has moved gets it without the own movement.
void Hub::sendBatch(const RoomId &id, Room &room)
{
    const std::vector<UserId> users = std::exchange(room.movedInBatch, {});
    std::vector<TransformEvent> transforms;
    std::unordered_map<ConnectionId, size_t> own;
    transforms.reserve(users.size());
    for (const UserId &user : users) {
        Place &place = room.places[user];
        place.isInBatch = false;
        own.emplace(place.origin, transforms.size());
        transforms.push_back({user.value(), place.transform});
    }
    if (transforms.empty())
        return;
    forgetEncoded();
    m_cuts.clear();
    std::vector<const Seat *> filtered; // of those who block somebody that has moved
    const ServerEvent event = TransformBatchEvent{id.value(), transforms, &m_cuts};
    for (const Seat &seat : room.seats) {
        Recipient &recipient = *seat.recipient;
        if (!seat.isBatch)
            continue;
        if (isAbove(recipient, m_config.movementMark)) {
            for (const UserId &user : users) {
                if (!seat.hides(user))
                    holdBack(recipient, id, user);
            }
            continue;
        }
        if (!seat.blocked.isEmpty()
            && std::ranges::any_of(users, [&](const UserId &user) { return seat.hides(user); })) {
            filtered.push_back(&seat);
            continue;
        }
        const std::span<const char> frame = encoded(recipient.codec(), event);
        const auto mine = own.find(recipient.id());
        if (mine == own.end() || m_cuts.size() != transforms.size()) {
            deliver(recipient, frame);
        } else if (transforms.size() > 1 && !isTooSlow(recipient)) {
            const EncodedCut cut = m_cuts[mine->second];
            const QByteArrayView message = m_buffers[size_t(recipient.codec().dialect())].message();
            char header[kMaxServerHeader];
            char *const end = header + sizeof header;
            const auto rest = size_t(message.size() - (cut.end - cut.begin));
            const size_t size = encodeHeaderBefore(end, Opcode::Text, rest);
            recipient.deliver({end - size, size});
            recipient.deliver({message.data(), size_t(cut.begin)});
            recipient.deliver({message.data() + cut.end, size_t(message.size() - cut.end)});
            ++m_metrics.counts().framesSent;
            m_metrics.counts().bytesSent += size + rest;
        }
    }
    for (const Seat *seat : filtered) {
        std::vector<TransformEvent> shown;
        for (size_t i = 0; i < users.size(); ++i) {
            if (!seat->hides(users[i]) && room.places[users[i]].origin != seat->recipient->id())
                shown.push_back(transforms[i]);
        }
        if (!shown.empty())
            send(*seat->recipient, TransformBatchEvent{id.value(), shown});
    }
}

} // namespace Rollcall::Realtime

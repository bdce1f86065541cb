// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/hub.h"

#include "plugins/realtime/dialectcodec.h"

#include <algorithm>
#include <utility>

namespace Rollcall::Realtime {

Hub::Hub(Clock &clock, const RealtimeConfig &config, RealtimeMetrics &metrics)
    : m_clock(clock)
    , m_config(config)
    , m_metrics(metrics)
    , m_endOfTurn([this] { flush(); })
    , m_tickTimer(clock.createTimer([this] { sendTick(); }))
    , m_batchTimer(clock.createTimer([this] { sendBatches(); }))
    , m_slowTimer(clock.createTimer([this] { reportSlow(); }))
{ }

Hub::~Hub() = default;

void Hub::enter(const RoomId &id, Recipient &recipient, bool isBatch, const QSet<UserId> &blocked)
{
    Room &room = m_rooms.try_emplace(id, id, m_turnBuffers).first->second;
    const bool isSimple = !isBatch && blocked.isEmpty();
    if (room.log.isReading(recipient)) {
        if (isSimple)
            return;
        recipient.settle();
        room.log.remove(recipient);
    }
    auto seat = std::ranges::find(room.seats, &recipient, &Seat::recipient);
    if (seat == room.seats.end() && isSimple && mayRead(room, recipient))
        return read(room, recipient);
    forgetAside(id, recipient.id());
    if (seat == room.seats.end())
        seat = room.seats.insert(seat, {&recipient, false, {}});
    room.batchSeats += int(isBatch) - int(std::exchange(seat->isBatch, isBatch));
    room.blockingSeats +=
        int(!blocked.isEmpty()) - int(!std::exchange(seat->blocked, blocked).isEmpty());
    if (isSimple) {
        setAside(id, recipient.id());
        readAgain(recipient);
    }
}

void Hub::leave(const RoomId &id, Recipient &recipient)
{
    if (const auto held = m_heldBack.find(recipient.id()); held != m_heldBack.end()) {
        held->second.erase(id);
        if (held->second.empty())
            m_heldBack.erase(held);
    }
    const auto room = m_rooms.find(id);
    if (room == m_rooms.end())
        return;
    std::vector<Seat> &seats = room->second.seats;
    if (room->second.log.isReading(recipient)) {
        recipient.settle();
        room->second.log.remove(recipient);
        readAgain(recipient); // in another room
    } else {
        const auto seat = std::ranges::find(seats, &recipient, &Seat::recipient);
        if (seat == seats.end())
            return;
        room->second.batchSeats -= seat->isBatch;
        room->second.blockingSeats -= !seat->blocked.isEmpty();
        seats.erase(seat);
        forgetAside(id, recipient.id());
    }
    if (seats.empty() && room->second.log.readers() == 0) {
        std::erase(m_unsent, &room->second);
        m_rooms.erase(room);
    }
}

bool Hub::contains(const RoomId &id, ConnectionId connection) const
{
    const auto room = m_rooms.find(id);
    return room != m_rooms.end()
        && (room->second.log.has(connection)
            || std::ranges::any_of(room->second.seats, [&](const Seat &seat) {
                   return seat.recipient->id() == connection;
               }));
}

std::vector<ConnectionId> Hub::recipients(const RoomId &id) const
{
    std::vector<ConnectionId> ids;
    if (const auto room = m_rooms.find(id); room != m_rooms.end()) {
        for (size_t i = 0; i < room->second.log.readers(); ++i)
            ids.push_back(room->second.log.reader(i).id());
        for (const Seat &seat : room->second.seats)
            ids.push_back(seat.recipient->id());
    }
    return ids;
}

std::span<const char> Hub::encoded(DialectCodec &codec, const ServerEvent &event)
{
    const auto index = size_t(codec.dialect());
    Encoded &encoded = m_encoded[index];
    if (!std::exchange(encoded.isDone, true)) {
        encoded.frame = {};
        if (codec.encode(m_buffers[index].begin(), event, m_clock.wallMs())) {
            encoded.frame = m_buffers[index].finish(codec.isBinary());
            ++m_metrics.counts().framesEncoded;
        }
    }
    return encoded.frame;
}

// What only waits for the end of the turn says nothing about the network.
bool Hub::isAbove(Recipient &recipient, size_t mark)
{
    if (recipient.bytesPending() <= mark)
        return false;
    recipient.flush();
    return recipient.bytesPending() > mark;
}

bool Hub::isTooSlow(Recipient &recipient)
{
    if (!isAbove(recipient, m_config.closeMark))
        return false;
    if (std::ranges::find(m_slow, recipient.id()) == m_slow.end()) {
        m_slow.push_back(recipient.id());
        m_slowTimer->startOnce(std::chrono::milliseconds(0));
    }
    return true;
}

bool Hub::deliver(Recipient &recipient, std::span<const char> frame)
{
    if (frame.empty() || isTooSlow(recipient))
        return false;
    recipient.deliver(frame);
    ++m_metrics.counts().framesSent;
    m_metrics.counts().bytesSent += frame.size();
    return true;
}

void Hub::reportSlow()
{
    for (const ConnectionId connection : std::exchange(m_slow, {})) {
        ++m_metrics.counts().slowClosed;
        if (m_slowHandler)
            m_slowHandler(connection);
    }
}

void Hub::send(Recipient &recipient, const ServerEvent &event)
{
    Recipient *const only = &recipient;
    send({&only, 1}, event);
}

void Hub::send(std::span<Recipient *const> recipients, const ServerEvent &event)
{
    forgetEncoded();
    for (Recipient *const recipient : recipients)
        deliver(*recipient, encoded(recipient->codec(), event));
}

void Hub::broadcast(const RoomId &id, const ServerEvent &event)
{
    const auto room = m_rooms.find(id);
    if (room == m_rooms.end())
        return;
    forgetEncoded();
    log(room->second, event);
    for (const Seat &seat : room->second.seats)
        deliver(*seat.recipient, encoded(seat.recipient->codec(), event));
}

void Hub::broadcast(const RoomId &id, const ServerEvent &event, const UserId &about)
{
    const auto room = m_rooms.find(id);
    if (room == m_rooms.end())
        return;
    if (room->second.blockingSeats == 0)
        return broadcast(id, event);
    forgetEncoded();
    log(room->second, event);
    for (const Seat &seat : room->second.seats) {
        if (!seat.hides(about))
            deliver(*seat.recipient, encoded(seat.recipient->codec(), event));
    }
}

void Hub::broadcast(const RoomId &id, const ServerEvent &event, const ToBlocking &toBlocking)
{
    const auto room = m_rooms.find(id);
    if (room == m_rooms.end())
        return;
    if (room->second.blockingSeats == 0)
        return broadcast(id, event);
    forgetEncoded();
    log(room->second, event);
    for (const Seat &seat : room->second.seats) {
        if (seat.blocked.isEmpty())
            deliver(*seat.recipient, encoded(seat.recipient->codec(), event));
    }
    for (const Seat &seat : room->second.seats) {
        if (!seat.blocked.isEmpty())
            toBlocking(*seat.recipient, seat.blocked);
    }
}

Transform Hub::latest(const RoomId &id, const UserId &user) const
{
    const auto room = m_rooms.find(id);
    if (room == m_rooms.end())
        return {};
    const auto place = room->second.places.find(user);
    return place == room->second.places.end() ? Transform() : place->second.transform;
}

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
// The hub's part that is about the rooms' logs: who reads in them, and when that is sent.
#include "plugins/realtime/hub.h"

#include <algorithm>
#include <utility>

namespace Rollcall::Realtime {

namespace {

/// A log is memory, and more than this does not get cheaper.
constexpr size_t kMostInLog = 256 << 10;

} // namespace

bool Hub::mayRead(const Room &room, const Recipient &recipient)
{
    return !recipient.log() && !recipient.isWaiting()
        && (room.log.readers() == 0 || room.logCodec == &recipient.codec());
}

void Hub::read(Room &room, Recipient &recipient)
{
    if (room.log.readers() == 0)
        flush(room); // what is left was for those who have gone
    room.logCodec = &recipient.codec();
    room.log.add(recipient);
}

void Hub::readAgain(Recipient &recipient)
{
    const auto aside = m_aside.find(recipient.id());
    if (aside == m_aside.end())
        return;
    for (const RoomId &id : aside->second) {
        Room &room = m_rooms.at(id);
        if (!mayRead(room, recipient))
            continue;
        std::erase_if(room.seats, [&](const Seat &seat) { return seat.recipient == &recipient; });
        read(room, recipient);
        return forgetAside(RoomId(id), recipient.id());
    }
}

void Hub::setAside(const RoomId &room, ConnectionId connection)
{
    m_aside[connection].push_back(room);
}

void Hub::forgetAside(const RoomId &room, ConnectionId connection)
{
    const auto aside = m_aside.find(connection);
    if (aside == m_aside.end())
        return;
    std::erase(aside->second, room);
    if (aside->second.empty())
        m_aside.erase(aside);
}

void Hub::log(Room &room, const ServerEvent &event, ConnectionId author)
{
    TurnLog &log = room.log;
    if (log.readers() == 0 || (log.readers() == 1 && log.has(author)))
        return;
    const std::span<const char> frame = encoded(*room.logCodec, event);
    if (frame.empty())
        return;
    if (log.size() == 0) {
        m_unsent.push_back(&room);
        m_endOfTurn.request();
    }
    const size_t count = log.append(frame, author);
    m_metrics.counts().framesSent += count;
    m_metrics.counts().bytesSent += count * frame.size();
    if (log.size() > kMostInLog)
        flush(room);
}

void Hub::flush()
{
    for (Room *room : std::exchange(m_unsent, {}))
        flush(*room);
}

void Hub::flush(Room &room)
{
    std::vector<Recipient *> waiting;
    room.log.flush(waiting);
    for (Recipient *recipient : waiting) {
        room.seats.push_back({recipient, false, {}});
        setAside(room.id, recipient->id());
    }
}

} // namespace Rollcall::Realtime

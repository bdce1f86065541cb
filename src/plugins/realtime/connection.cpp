// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/connection.h"

#include <algorithm>

namespace Rollcall::Realtime {

Connection::Owner::~Owner() = default;

Connection::Connection(ConnectionId id, std::unique_ptr<Transport> transport, DialectCodec &codec,
                       Owner &owner, const WebSocketSession::Limits &limits)
    : m_session(std::move(transport), *this, limits)
    , m_id(id)
    , m_codec(codec)
    , m_owner(owner)
{ }

Connection::~Connection() = default;

Membership *Connection::membership(QByteArrayView room)
{
    const auto found = std::ranges::find_if(memberships, [&](const Membership &each) {
        return QByteArrayView(each.room.value()) == room;
    });
    return found == memberships.end() ? nullptr : &*found;
}

void Connection::removeMembership(const RoomId &room)
{
    std::erase_if(memberships, [&](const Membership &each) { return each.room == room; });
}

Connection::Time Connection::nextDeadline() const
{
    if (closeBy != TimerWheel::kNever)
        return closeBy;
    return std::min({pongBy, authBy, pingAt});
}

Connection::Overdue Connection::overdue(Time now) const
{
    if (closeBy != TimerWheel::kNever)
        return closeBy <= now ? Overdue::Close : Overdue::Nothing;
    if (pongBy <= now)
        return Overdue::Pong;
    if (authBy <= now)
        return Overdue::Auth;
    return pingAt <= now ? Overdue::Ping : Overdue::Nothing;
}

void Connection::handleMessage(std::span<char> message, bool isBinary)
{
    if (!hasEnded)
        m_owner.connectionMessage(*this, message, isBinary);
}

void Connection::handleClosing(CloseCode code, bool isByPeer)
{
    m_owner.connectionClosing(*this, code, isByPeer);
}

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/member.h"
#include "plugins/realtime/identity.h"
#include "plugins/realtime/ratelimiter.h"
#include "plugins/realtime/recipient.h"
#include "plugins/realtime/timerwheel.h"
#include "plugins/realtime/websocketsession.h"

#include <QHostAddress>
#include <QSet>

namespace Rollcall::Realtime {

struct RealtimeConfig;

/// A connection's way into a room.
struct Membership
{
    enum class Stage : quint8 {
        Admitting, ///< the directory has not answered yet
        Entering, ///< a member already; the members elsewhere are being asked for
        Joined,
        Expired, ///< no member any more; a heartbeat joins again
    };

    RoomId room;
    quint64 lastSeq = 0;
    qint64 enteredAtMs = 0; ///< wall time at which it became Joined
    quint32 attempt = 0; ///< answers to earlier ones are of no interest
    Stage stage = Stage::Admitting;
    bool isNumericRoom = false;
    bool isBatch = false;
    bool hasMoved = false; ///< lastSeq means something

    bool isMember() const { return stage == Stage::Entering || stage == Stage::Joined; }
};

/// One WebSocket: its session, who it is, where it is, and what it is waiting for. What its
/// messages mean is decided elsewhere.
class Connection final : public Recipient, private WebSocketSession::Handler
{
private:
    // First: what every frame needs lies together, behind what a Recipient holds.
    WebSocketSession m_session;
    ConnectionId m_id;

public:
    using Time = Clock::SteadyTime;

    /// What a connection tells its owner, who destroys it in connectionGone() and nowhere else
    /// while it runs.
    class Owner
    {
    public:
        virtual ~Owner();
        virtual void connectionMessage(Connection &connection, std::span<char> message,
                                       bool isBinary) = 0;
        virtual void connectionPong(Connection &connection) = 0;
        virtual bool connectionAllowsPing(Connection &connection) = 0;
        virtual void connectionDrained(Connection &connection) = 0;
        virtual void connectionClosing(Connection &connection, CloseCode code, bool isByPeer) = 0;
        virtual void connectionGone(Connection &connection) = 0;
    };

    Connection(ConnectionId id, std::unique_ptr<Transport> transport, DialectCodec &codec,
               Owner &owner, const WebSocketSession::Limits &limits);
    ~Connection() override;

    ConnectionId id() const override { return m_id; }
    DialectCodec &codec() const override { return m_codec; }
    size_t bytesPending() const override { return m_session.bytesPending(); }
    bool isWaiting() const override { return m_session.isWaiting(); }
    void flush() override { m_session.flush(); }

    WebSocketSession &session() { return m_session; }
    const WebSocketSession &session() const { return m_session; }

    Membership *membership(QByteArrayView room);
    Membership *membership(const RoomId &room) { return membership(QByteArrayView(room.value())); }
    void removeMembership(const RoomId &room);
    /// Whether messages still mean something: not once it is closing.
    bool isOpen() const { return m_session.state() == WebSocketSession::State::Open && !hasEnded; }

    /// When checkDeadlines() is to be called next.
    Time nextDeadline() const;

    enum class Overdue { Nothing, Ping, Pong, Auth, Close };
    /// What has fallen due, one thing at a time, until Nothing.
    Overdue overdue(Time now) const;

    Identity identity;
    UserId watched; ///< whose blocklist is asked for; null: nobody's
    QSet<UserId> blocked; ///< whom this user does not want to see
    std::vector<Membership> memberships;
    QByteArray handshakeToken; ///< until it was used
    QHostAddress address;
    RateLimiter limiter;

    Time openedAt{};
    qint64 openedAtMs = 0;
    Time pingAt = TimerWheel::kNever;
    Time pongBy = TimerWheel::kNever;
    Time authBy = TimerWheel::kNever;
    Time closeBy = TimerWheel::kNever;
    Time scheduledAt = TimerWheel::kNever; ///< the wheel's earliest entry
    Time nextErrorAt{}; ///< no `error` event before
    Time nextNoticeAt{}; ///< no `rate_limited` before
    quint32 attempts = 0; ///< joins so far
    bool hasEnded = false; ///< presence and hub know it no more

private:
    void append(std::span<const char> bytes) override { m_session.send(bytes); }
    void sendNow(Pieces pieces) override { m_session.sendNow(pieces); }
    void handleSending() override { settle(); }
    void handleMessage(std::span<char> message, bool isBinary) override;
    void handlePong() override { m_owner.connectionPong(*this); }
    bool allowsPing() override { return m_owner.connectionAllowsPing(*this); }
    void handleDrained() override { m_owner.connectionDrained(*this); }
    void handleClosing(CloseCode code, bool isByPeer) override;
    void handleGone() override { m_owner.connectionGone(*this); }

    DialectCodec &m_codec;
    Owner &m_owner;
};

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/messagerouter.h"

#include "core/services/moderationservice.h"
#include "core/services/realtimeservice.h"
#include "plugins/realtime/dialectcodec.h"

#include <QLoggingCategory>

namespace Rollcall::Realtime {

namespace {

Q_LOGGING_CATEGORY(lcLimits, "rollcall.plugin.realtime.limits")

using namespace std::chrono_literals;

constexpr qsizetype kMaxEchoedType = 64;

RateKind kindOf(const ClientMessage &message)
{
    static constexpr RateKind kKinds[] = {
        RateKind::Join,  RateKind::Join,  RateKind::Heartbeat, RateKind::Transform, RateKind::Chat,
        RateKind::Emote, RateKind::State, RateKind::Refresh,   RateKind::Other};
    static_assert(std::size(kKinds) == std::variant_size_v<ClientMessage>);
    return kKinds[message.index()];
}

} // namespace

MessageRouter::MessageRouter(const RealtimeContext &context, RoomFlow &flow,
                             SharedLimits &sharedLimits, const NodeId &node)
    : m_context(context)
    , m_flow(flow)
    , m_sharedLimits(sharedLimits)
    , m_messagePrefix(QByteArray::number(qulonglong(qHash(node.value(), 0)), 36) + '-')
{ }

void MessageRouter::handle(Connection &connection, std::span<char> message, bool isBinary)
{
    ++m_context.metrics.counts().framesReceived;
    m_context.metrics.counts().bytesReceived += message.size();
    DialectCodec &codec = connection.codec();
    if (isBinary != codec.isBinary())
        return m_context.connections.end(connection, CloseCode::UnsupportedData, LeaveReason::Lost);
    handleLife(connection);
    const Result<ClientMessage> decoded = codec.decode({message.data(), qsizetype(message.size())});
    // Only what could be the name of an event is sent back or logged.
    const QByteArrayView type =
        codec.lastType().size() <= kMaxEchoedType ? codec.lastType() : QByteArrayView();
    if (!decoded)
        return handleMalformed(connection, decoded.error(), type);
    const RateKind kind = kindOf(*decoded);
    if (!allows(connection, kind, type))
        return;
    m_sharedLimits.count(connection.identity.user, kind, connection.identity.deviceType);
    std::visit([&](const auto &which) { dispatch(connection, which); }, *decoded);
}

void MessageRouter::handleLife(Connection &connection)
{
    if (!m_context.presence.livenessIsConnection())
        return;
    for (const Membership &membership : connection.memberships) {
        if (membership.isMember())
            Q_EMIT m_context.service.heartbeatReceived(connection.id(), membership.room);
    }
}

bool MessageRouter::allows(Connection &connection, RateKind kind, QByteArrayView event)
{
    if (connection.limiter.allow(kind, m_context.config.rates, connection.identity.deviceType,
                                 m_context.clock.now()))
        return true;
    ++m_context.metrics.counts().rateDropped[size_t(kind)];
    if (connection.limiter.isAbusive())
        m_context.connections.end(connection, CloseCode::RateAbuse, LeaveReason::Lost);
    else
        notify(connection, kind, event);
    return false;
}

void MessageRouter::notify(Connection &connection, RateKind kind, QByteArrayView event)
{
    const RateLimit &limit = m_context.config.rates.of(kind, connection.identity.deviceType);
    if (m_context.config.explainsDrops) {
        qCInfo(lcLimits).nospace()
            << "dropped " << rateKindName(kind).data() << " of connection "
            << connection.id().value() << ", user " << connection.identity.user.value()
            << ": more than " << limit.perSecond << "/s, burst " << limit.burst
            << (connection.limiter.isClosed(kind, m_context.clock.now()) ? ", on all nodes together"
                                                                         : "");
    }
    if (!m_context.config.notifiesRateLimit || m_context.clock.now() < connection.nextNoticeAt)
        return;
    connection.nextNoticeAt = m_context.clock.now() + 1s;
    m_context.hub.send(
        connection, RateLimitedEvent{event, limit.perSecond, connection.limiter.takeDropped(kind)});
}

void MessageRouter::handleMalformed(Connection &connection, const Error &error,
                                    QByteArrayView event)
{
    ++m_context.metrics.counts().malformed;
    if (!connection.limiter.allow(RateKind::Malformed, m_context.config.rates,
                                  connection.identity.deviceType, m_context.clock.now()))
        return m_context.connections.end(connection, CloseCode::ProtocolError, LeaveReason::Lost);
    sendError(connection, error.code, error.peerText.toUtf8(), event);
}

void MessageRouter::sendError(Connection &connection, ErrorCode code, QByteArrayView text,
                              QByteArrayView event)
{
    const auto now = m_context.clock.now();
    if (now < connection.nextErrorAt)
        return;
    connection.nextErrorAt = now + 1s;
    m_context.hub.send(connection, ErrorEvent{code, text, event});
}

Membership *MessageRouter::member(Connection &connection, const WireId &room, QByteArrayView event)
{
    Membership *membership = connection.membership(room.text);
    if (membership && membership->isMember())
        return membership;
    sendError(connection, ErrorCode::NotInRoom, {}, event);
    return nullptr;
}

void MessageRouter::dispatch(Connection &connection, const JoinMessage &message)
{
    if (m_context.connections.isDraining())
        m_context.hub.send(connection, ErrorEvent{ErrorCode::Draining, {}, "join_room"});
    else
        m_flow.join(connection, message);
}

void MessageRouter::dispatch(Connection &connection, const LeaveMessage &message)
{
    if (connection.membership(message.room.text))
        m_flow.leave(connection, RoomId(message.room.text.toByteArray()));
    else
        sendError(connection, ErrorCode::NotInRoom, {}, "leave_room");
}

void MessageRouter::dispatch(Connection &connection, const HeartbeatMessage &message)
{
    Membership *membership = connection.membership(message.room.text);
    if (!membership)
        return sendError(connection, ErrorCode::NotInRoom, {}, "heartbeat");
    const RoomId room = membership->room;
    if (membership->isMember())
        Q_EMIT m_context.service.heartbeatReceived(connection.id(), room);
    else if (membership->stage == Membership::Stage::Expired)
        m_flow.rejoin(connection, *membership);
    if (connection.isOpen()) {
        m_context.hub.send(
            connection,
            HeartbeatAckEvent{message.room.text, message.room.isNumeric, message.clientTimeMs});
    }
}

void MessageRouter::dispatch(Connection &connection, const TransformMessage &message)
{
    Membership *membership = connection.membership(message.room.text);
    // Who moves while the door is being opened is early, not wrong.
    if (membership && membership->stage == Membership::Stage::Admitting)
        return;
    if (!membership || !membership->isMember())
        return sendError(connection, ErrorCode::NotInRoom, {}, "avatar_transform");
    if (membership->hasMoved && message.transform.seq <= membership->lastSeq) {
        ++m_context.metrics.counts().stale;
        return;
    }
    membership->hasMoved = true;
    membership->lastSeq = message.transform.seq;
    const RoomId room = membership->room;
    const UserId user = connection.identity.user;
    m_context.hub.move(room, user, message.transform, connection.id());
    m_context.relay.send(room, TransformEvent{user.value(), message.transform});
    if (m_context.transforms)
        m_context.transforms->noteMoved(room, user, message.transform);
    Q_EMIT m_context.service.transformReceived(room, user, message.transform);
}

void MessageRouter::dispatch(Connection &connection, const ChatMessage &message)
{
    const Membership *membership = member(connection, message.room, "local_chat");
    if (!membership)
        return;
    const RoomId room = membership->room;
    const UserId user = connection.identity.user;
    if (m_context.moderation && m_context.moderation->isMuted(room, user)) {
        ++m_context.metrics.counts().muted;
        m_context.hub.send(connection, ModerationEvent{"mutedByMod", {}, room.value()});
        return;
    }
    const QByteArray id = m_messagePrefix + QByteArray::number(++m_messages, 36);
    const ServerEvent event = ChatEvent{room.value(), user.value(), message.text, id};
    m_context.hub.broadcast(room, event, user);
    if (membership->stage == Membership::Stage::Entering)
        m_context.hub.send(connection,
                           event); // not in the room's fan-out yet, but owed its receipt
    m_context.relay.send(room, event);
    Q_EMIT m_context.service.chatReceived(room, user, message.text.toByteArray());
}

void MessageRouter::dispatch(Connection &connection, const EmoteMessage &message)
{
    const Membership *membership = member(connection, message.room, "emote");
    if (!membership)
        return;
    const ServerEvent event =
        EmoteEvent{membership->room.value(), connection.identity.user.value(), message.emote};
    m_context.hub.broadcast(membership->room, event, connection.identity.user);
    m_context.relay.send(membership->room, event);
}

void MessageRouter::dispatch(Connection &connection, const StateMessage &message)
{
    const bool isAway = message.state == MemberState::Away;
    if (const Membership *membership =
            member(connection, message.room, isAway ? "away" : "active")) {
        const RoomId room = membership->room;
        Q_EMIT m_context.service.stateChanged(connection.id(), room, message.state);
    }
}

void MessageRouter::dispatch(Connection &connection, const RefreshTokenMessage &message)
{
    m_flow.refreshToken(connection, message.token.toByteArray());
}

void MessageRouter::dispatch(Connection &connection, const OtherMessage &message)
{
    if (!m_context.connections.hasMessageListeners())
        return sendError(connection, ErrorCode::UnknownType, {}, message.type);
    Q_EMIT m_context.service.messageReceived(connection.id(), message.type.toByteArray(),
                                             message.payloadJson.toByteArray());
}

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/roomflow.h"

#include "core/services/moderationservice.h"
#include "core/services/realtimeservice.h"
#include "core/services/roomdirectory.h"
#include "plugins/realtime/dialectcodec.h"

#include <algorithm>
#include <utility>

namespace Rollcall::Realtime {

ConnectionTable::~ConnectionTable() = default;

RoomFlow::RoomFlow(const RealtimeContext &context)
    : m_context(context)
    , m_announcer(context,
                  [this](const RoomId &room, std::span<const ConnectionId> connections) {
                      sendStates(room, connections);
                  })
    , m_blocks(context, [this](const RoomId &room, ConnectionId connection) {
        sendStates(room, {&connection, 1});
    })
{
    connectPresence();
}

void RoomFlow::connectPresence()
{
    PresenceService *presence = &m_context.presence;
    QObject *owner = &m_context.owner;
    QObject::connect(presence, &PresenceService::memberJoined, owner,
                     [this](const RoomId &room, const Member &member) {
                         m_announcer.handleJoined(room, member);
                     });
    QObject::connect(presence, &PresenceService::memberUpdated, owner,
                     [this](const RoomId &room, const Member &member) {
                         m_announcer.handleUpdated(room, member);
                     });
    QObject::connect(
        presence, &PresenceService::occupancyChanged, owner,
        [this](const RoomId &room, int users) { m_announcer.handleOccupancy(room, users); });
    QObject::connect(presence, &PresenceService::memberLeft, owner,
                     [this](const RoomId &room, const UserId &user, LeaveReason reason) {
                         handleMemberLeft(room, user, reason);
                     });
    QObject::connect(presence, &PresenceService::membershipEnded, owner,
                     [this](ConnectionId id, const RoomId &room, LeaveReason reason) {
                         handleMembershipEnded(id, room, reason);
                     });
    QObject::connect(presence, &PresenceService::relayReceived, owner,
                     [this](const RoomId &room, const NodeId &, const QByteArray &payload) {
                         m_context.relay.receive(room, payload);
                     });
    m_context.relay.setDeviceHandler(
        [this](const RoomId &room, const DeviceEntry &entry) { handleDeviceEntered(room, entry); });
    QObject::connect(presence, &PresenceService::roomResynchronized, owner,
                     [this](const RoomId &room) {
                         ++m_context.metrics.counts().gapsRepaired;
                         m_announcer.refresh(room);
                     });
}

void RoomFlow::join(Connection &connection, const JoinMessage &message)
{
    Result<Identity> identity =
        identityForJoin(message, connection.handshakeToken, connection.identity, m_context.tokens);
    if (!identity)
        return refuse(connection, identity.error(), "join_room");
    connection.handshakeToken.clear();
    connection.authBy = TimerWheel::kNever;
    const RoomId room(message.room.text.toByteArray());
    Membership *membership = connection.membership(room);
    if (!membership)
        membership = &connection.memberships.emplace_back(Membership{.room = room});
    membership->isNumericRoom = message.room.isNumeric;
    membership->isBatch = message.batch;
    membership->hasMoved = false; // who joins again may count from the beginning
    enter(connection, *membership, *identity);
}

void RoomFlow::rejoin(Connection &connection, Membership &membership)
{
    const Identity identity = connection.identity;
    enter(connection, membership, identity);
}

void RoomFlow::enter(Connection &connection, Membership &membership, const Identity &identity)
{
    if (membership.stage == Membership::Stage::Expired)
        membership.stage = Membership::Stage::Admitting;
    membership.attempt = ++connection.attempts;
    const Attempt attempt{connection.id(), membership.room, membership.attempt};
    if (m_context.moderation && m_context.moderation->isBanned(membership.room, identity.user))
        return handleAdmission(attempt, identity, Error{ErrorCode::Blocked, {}, {}});
    if (!m_context.directory)
        return handleAdmission(attempt, identity, {});
    m_context.directory->admit({attempt.room, RoomKind::Room, identity.user, identity.reservation},
                               &m_context.owner,
                               [this, attempt, identity](const Result<void> &result) {
                                   handleAdmission(attempt, identity, result);
                               });
}

std::pair<Connection *, Membership *> RoomFlow::find(const Attempt &attempt)
{
    Connection *connection = m_context.connections.find(attempt.connection);
    Membership *membership = connection ? connection->membership(attempt.room) : nullptr;
    if (!membership || membership->attempt != attempt.number)
        return {};
    return {connection, membership};
}

void RoomFlow::handleAdmission(const Attempt &attempt, const Identity &identity,
                               const Result<void> &admission)
{
    auto [connection, membership] = find(attempt);
    if (!connection)
        return;
    if (!admission) {
        if (!membership->isMember())
            connection->removeMembership(attempt.room);
        m_context.metrics.countJoin(errorCodeInfo(admission.error().code).name.data());
        const QByteArray text = admission.error().peerText.toUtf8();
        m_context.hub.send(*connection, ErrorEvent{admission.error().code, text, "join_room"});
        return;
    }
    makeRoom(*connection, attempt.room, identity);
    connection->identity = identity;
    connection->identity.reservation.clear(); // good for one seat
    membership = connection->membership(attempt.room);
    if (membership->stage != Membership::Stage::Joined)
        membership->stage = Membership::Stage::Entering;
    const Member member{identity.user,       identity.displayName, identity.avatar,
                        identity.deviceType, MemberState::Active,  m_context.clock.wallMs()};
    m_context.presence.join({attempt.connection, attempt.room, RoomKind::Room,
                             connection->codec().dialect(), member, identity.device, identity.role},
                            &m_context.owner, [this, attempt](const RoomSnapshot &snapshot) {
                                handleEntered(attempt, snapshot);
                            });
}

// Another user leaves everything behind; the same one stays in as many rooms as a connection may be
// in.
void RoomFlow::makeRoom(Connection &connection, const RoomId &room, const Identity &identity)
{
    const bool isSameUser = connection.identity.user == identity.user;
    if (!isSameUser) {
        const Membership wanted = *connection.membership(room);
        for (const Membership &each : std::vector<Membership>(connection.memberships))
            leave(connection, each.room);
        connection.memberships.assign(1, wanted);
        connection.memberships.front().stage = Membership::Stage::Admitting;
        return;
    }
    std::vector<RoomId> others;
    for (const Membership &each : connection.memberships) {
        if (each.room != room && each.stage != Membership::Stage::Admitting)
            others.push_back(each.room);
    }
    const auto kept = size_t(m_context.config.maxRoomsPerConnection - 1);
    for (size_t i = 0; i + kept < others.size(); ++i)
        leave(connection, others[i]);
}

void RoomFlow::handleEntered(const Attempt &attempt, const RoomSnapshot &snapshot)
{
    const auto [connection, membership] = find(attempt);
    if (!connection || !membership->isMember())
        return;
    if (m_blocks.isKnown(*connection))
        return findPlaces(attempt, snapshot);
    m_blocks.learn(*connection, [this, attempt] {
        if (find(attempt).first)
            findPlaces(attempt, m_context.presence.snapshot(attempt.room));
    });
}

void RoomFlow::findPlaces(const Attempt &attempt, const RoomSnapshot &snapshot)
{
    const bool isFirstHere = !m_context.hub.hasRecipients(attempt.room);
    if (!isFirstHere || !m_context.transforms || !m_context.presence.hasRemoteMembers(attempt.room))
        return settle(attempt, snapshot, {});
    m_context.transforms->read(attempt.room, &m_context.owner, [this, attempt](const auto &places) {
        settle(attempt, m_context.presence.snapshot(attempt.room), places);
    });
}

void RoomFlow::settle(const Attempt &attempt, const RoomSnapshot &snapshot,
                      const TransformStore::Places &places)
{
    const auto [connection, membership] = find(attempt);
    if (!connection || !membership->isMember())
        return;
    const bool isNew = membership->stage != Membership::Stage::Joined;
    membership->stage = Membership::Stage::Joined;
    if (isNew)
        membership->enteredAtMs = m_context.clock.wallMs();
    m_context.hub.enter(attempt.room, *connection, membership->isBatch, connection->blocked);
    m_announcer.show(attempt.room);
    for (const auto &[user, transform] : places)
        m_context.hub.remember(attempt.room, user, transform);
    sendState(*connection, *membership, snapshot);
    m_context.metrics.countJoin("joined");
    if (isNew)
        Q_EMIT m_context.service.roomJoined(attempt.connection, attempt.room,
                                            connection->identity.user);
    const auto [still, member] = find(attempt);
    if (!still || still->identity.device.isEmpty())
        return;
    replaceOlder(*still, attempt.room);
    if (isNew) {
        m_context.relay.sendDeviceEntered(attempt.room,
                                          {still->identity.user, still->identity.device,
                                           m_context.clock.wallMs(), m_context.node.value()});
    }
}

void RoomFlow::replaceOlder(const Connection &connection, const RoomId &room)
{
    for (const ConnectionId id : m_context.hub.recipients(room)) {
        Connection *other = m_context.connections.find(id);
        if (other && other != &connection && other->identity.user == connection.identity.user
            && other->identity.device == connection.identity.device) {
            m_context.connections.end(*other, CloseCode::Replaced, LeaveReason::Left);
        }
    }
}

void RoomFlow::leaveHub(Connection &connection, const RoomId &room)
{
    m_context.hub.leave(room, connection);
    if (m_context.hub.hasRecipients(room))
        return;
    m_announcer.forgetRoom(room);
    if (m_context.transforms)
        m_context.transforms->forgetRoom(room);
}

void RoomFlow::leave(Connection &connection, const RoomId &room, LeaveReason reason)
{
    const Membership *membership = connection.membership(room);
    if (!membership)
        return;
    const bool wasMember = membership->isMember();
    connection.removeMembership(room);
    if (!wasMember)
        return;
    m_context.hub.leave(room, connection);
    m_context.presence.leave(connection.id(), room, reason);
    leaveHub(connection, room);
    Q_EMIT m_context.service.roomLeft(connection.id(), room, connection.identity.user);
}

void RoomFlow::refreshToken(Connection &connection, const QByteArray &token)
{
    Result<Identity> identity = identityFromToken(token, m_context.tokens);
    if (!identity)
        return refuse(connection, identity.error(), "refresh_token");
    const bool isMember = std::ranges::any_of(connection.memberships, &Membership::isMember);
    if (isMember && identity->user != connection.identity.user)
        return refuse(connection, {ErrorCode::Forbidden, QStringLiteral("another user"), {}},
                      "refresh_token");
    connection.authBy = TimerWheel::kNever;
    if (identity->displayName.isEmpty())
        identity->displayName = connection.identity.displayName;
    if (identity->device.isEmpty())
        identity->device = connection.identity.device;
    connection.identity = *identity;
}

void RoomFlow::refuse(Connection &connection, const Error &error, QByteArrayView event)
{
    m_context.metrics.countJoin(errorCodeInfo(error.code).name.data());
    const QByteArray text = error.peerText.toUtf8();
    if (error.code == ErrorCode::Unavailable)
        m_context.hub.send(connection, ErrorEvent{error.code, text, event});
    else
        m_context.hub.send(connection, AuthErrorEvent{error.code, text});
    const bool isNobody = !connection.identity.isVerified
        && std::ranges::none_of(connection.memberships, &Membership::isMember);
    if (isNobody && connection.authBy == TimerWheel::kNever) {
        connection.authBy = m_context.clock.now() + m_context.config.authDeadline;
        m_context.connections.reschedule(connection);
    }
}

} // namespace Rollcall::Realtime

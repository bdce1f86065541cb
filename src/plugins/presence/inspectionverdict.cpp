// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/inspectionverdict.h"

#include "core/base/configuration.h"
#include "core/redis/rediskeys.h"

#include <algorithm>

namespace Rollcall::Presence {

namespace {

using namespace std::chrono_literals;

// A living node renews or reports long before.
constexpr auto kLateDeadline = 5s;

QString text(QByteArrayView utf8) { return QString::fromUtf8(utf8); }

QString keyOf(const UserId &user) { return QStringLiteral("presence:") + text(memberName(user)); }

/// Its set names the user, and nothing contradicts that.
bool isHolder(const NodeHolding &holding, const SeatInspection &seat,
              const std::optional<NodeId> &asked)
{
    return holding.isInSet && !(asked && holding.node == *asked && !seat.here);
}

void judgeHolding(SeatInspection &seat, const NodeHolding &holding,
                  const std::optional<NodeId> &asked)
{
    const QString node = text(holding.node.value());
    const QString room = text(seat.room.value());
    QStringList &findings = seat.findings;
    if (!holding.isInSet) {
        findings.append(
            QStringLiteral("%1 says that node %2 holds them in %3, room:%3:node:%2 does not")
                .arg(keyOf(seat.user), node, room));
        return;
    }
    if (!holding.isNodeKnown)
        findings.append(
            QStringLiteral("node %1 has no lease and is not in presence:nodes: nobody will reap it")
                .arg(node));
    else if (!holding.isNodeAlive())
        findings.append(
            QStringLiteral("the lease of node %1 ran out %2 ago: a living node reaps it")
                .arg(node, durationText(-holding.leaseLeft)));
    else if (holding.nodeState.isEmpty())
        findings.append(QStringLiteral("node %1 is in presence:nodes without its lease").arg(node));
    if (asked && holding.node == *asked && !seat.here)
        findings.append(
            QStringLiteral("node %1, which was asked, does not hold them: only Redis says so")
                .arg(node));
    if (!holding.isListed)
        findings.append(
            QStringLiteral(
                "node %1 is not in room:%2:nodes: the other nodes do not see what it holds")
                .arg(node, room));
    if (!holding.isInUserHash)
        findings.append(
            QStringLiteral("%1 has no field at:%2:%3: a sweep may take the user offline")
                .arg(keyOf(seat.user), node, room));
}

void judgeSeat(SeatInspection &seat, const std::optional<NodeId> &asked)
{
    const QString room = text(seat.room.value());
    bool isHeld = false;
    bool isLive = false;
    bool isReaped = false;
    for (const NodeHolding &holding : seat.nodes) {
        judgeHolding(seat, holding, asked);
        isHeld = isHeld || holding.isInSet;
        if (!isHolder(holding, seat, asked))
            continue;
        isLive = isLive || holding.isNodeAlive();
        isReaped = isReaped || (holding.isNodeKnown && !holding.isNodeAlive());
    }
    const bool isWritten =
        asked && std::ranges::any_of(seat.nodes, [&](const NodeHolding &holding) {
            return holding.node == *asked && holding.isInSet;
        });
    if (seat.here && !isWritten)
        seat.findings.append(
            QStringLiteral("held by the node that was asked, but not (yet) in room:%1:node:%2")
                .arg(room, text(asked ? asked->value() : QByteArray())));
    if (seat.here || isLive)
        seat.verdict = SeatInspection::Verdict::Live;
    else
        seat.verdict = isReaped ? SeatInspection::Verdict::Dying : SeatInspection::Verdict::Ghost;

    if (isHeld && !seat.isCounted)
        seat.findings.append(
            QStringLiteral("held, but not counted: not in presence:page:%1").arg(room));
    if (!isHeld && seat.isCounted)
        seat.findings.append(
            QStringLiteral(
                "counted (presence:page:%1), but no node holds them: nobody will remove it")
                .arg(room));
    if (isHeld && !seat.hasDetails)
        seat.findings.append(
            QStringLiteral("room:%1:user:... is gone: shown without a name").arg(room));
    if (!isHeld && !seat.isCounted && seat.hasDetails)
        seat.findings.append(QStringLiteral("room:%1:user:... is left over").arg(room));
}

} // namespace

void judge(UserInspection &user, const std::optional<NodeId> &asked, bool seesAllSeats)
{
    bool isHeld = false;
    bool isLive = false;
    for (SeatInspection &seat : user.seats) {
        judgeSeat(seat, asked);
        isLive = isLive || seat.verdict == SeatInspection::Verdict::Live;
        isHeld = isHeld || seat.here || std::ranges::any_of(seat.nodes, &NodeHolding::isInSet);
    }
    const QString key = keyOf(user.user);
    if (isLive && !user.hasKey)
        user.findings.append(
            QStringLiteral("%1 is gone: their node writes it again with a heartbeat").arg(key));
    if (isLive && !user.isOnline)
        user.findings.append(QStringLiteral("held, but not in presence:online"));
    if (user.hasKey && !user.keyLeft)
        user.findings.append(QStringLiteral("%1 never expires").arg(key));
    if (user.isOnline && user.deadlineLeft && *user.deadlineLeft < -kLateDeadline)
        user.findings.append(
            QStringLiteral("their deadline passed %1 ago, and nobody has taken them offline")
                .arg(durationText(-*user.deadlineLeft)));
    if (!seesAllSeats || isHeld)
        return;
    if (user.hasKey)
        user.findings.append(QStringLiteral("%1 is there, but no node holds them").arg(key));
    if (user.isOnline)
        user.findings.append(QStringLiteral("in presence:online, but no node holds them"));
    if (user.deadlineLeft && !user.isOnline)
        user.findings.append(QStringLiteral("left over in presence:deadlines"));
}

void judge(RoomInspection &room)
{
    if (room.stored.value_or(0) != room.counted)
        room.findings.append(
            QStringLiteral("rooms:occupancy says %1, presence:page:%2 has %3")
                .arg(room.stored ? QString::number(*room.stored) : QStringLiteral("nothing"),
                     text(room.room.value()))
                .arg(room.counted));
}

} // namespace Rollcall::Presence

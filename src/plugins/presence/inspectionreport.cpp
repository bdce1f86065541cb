// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/inspectionreport.h"

#include "plugins/presence/texttable.h"

#include <QJsonArray>

namespace Rollcall::Presence {

namespace {

using Milliseconds = std::chrono::milliseconds;

QString text(QByteArrayView utf8) { return QString::fromUtf8(utf8); }

QString verdictName(SeatInspection::Verdict verdict)
{
    switch (verdict) {
    case SeatInspection::Verdict::Live:
        return QStringLiteral("live");
    case SeatInspection::Verdict::Dying:
        return QStringLiteral("dying");
    case SeatInspection::Verdict::Ghost:
        return QStringLiteral("ghost");
    }
    return {};
}

QString actionName(PurgedSeat::Action action)
{
    switch (action) {
    case PurgedSeat::Action::Removed:
        return QStringLiteral("removed");
    case PurgedSeat::Action::Evicted:
        return QStringLiteral("evicted");
    case PurgedSeat::Action::Forced:
        return QStringLiteral("forced");
    case PurgedSeat::Action::LeftAlone:
        return QStringLiteral("left alone");
    }
    return {};
}

QJsonValue orNull(const std::optional<Milliseconds> &time)
{
    return time ? QJsonValue(qint64(time->count())) : QJsonValue();
}

QString seconds(Milliseconds time)
{
    return QStringLiteral("%1 s").arg(double(time.count()) / 1000, 0, 'f', 1);
}

QString secondsOr(const std::optional<Milliseconds> &time, const char *other)
{
    return time ? seconds(*time) : QLatin1String(other);
}

QString ago(qint64 nowMs, qint64 thenMs)
{
    return thenMs > 0 ? seconds(Milliseconds(nowMs - thenMs)) + QStringLiteral(" ago")
                      : QStringLiteral("-");
}

QJsonObject seatToJson(const SeatInspection &seat)
{
    QJsonArray nodes;
    for (const NodeHolding &holding : seat.nodes) {
        nodes.append(QJsonObject{
            {QStringLiteral("node"), text(holding.node.value())},
            {QStringLiteral("inSet"), holding.isInSet},
            {QStringLiteral("listed"), holding.isListed},
            {QStringLiteral("inUserHash"), holding.isInUserHash},
            {QStringLiteral("known"), holding.isNodeKnown},
            {QStringLiteral("alive"), holding.isNodeAlive()},
            {QStringLiteral("leaseLeftMs"),
             holding.isNodeKnown ? QJsonValue(qint64(holding.leaseLeft.count())) : QJsonValue()},
            {QStringLiteral("state"), text(holding.nodeState)},
            {QStringLiteral("graceLeftMs"), orNull(holding.graceLeft)}});
    }
    QJsonArray connections;
    for (const HeldConnection &held : seat.here.value_or(std::vector<HeldConnection>())) {
        connections.append(
            QJsonObject{{QStringLiteral("connectionId"), qint64(held.connection.value())},
                        {QStringLiteral("dialect"), text(dialectName(held.dialect))},
                        {QStringLiteral("state"), text(memberStateName(held.state))},
                        {QStringLiteral("inGrace"), held.isInGrace},
                        {QStringLiteral("leftMs"), orNull(held.left)}});
    }
    return {{QStringLiteral("roomId"), text(seat.room.value())},
            {QStringLiteral("verdict"), verdictName(seat.verdict)},
            {QStringLiteral("counted"), seat.isCounted},
            {QStringLiteral("displayName"), text(seat.displayName)},
            {QStringLiteral("connection"), text(seat.connection)},
            {QStringLiteral("joinedAtMs"), seat.joinedAtMs},
            {QStringLiteral("state"), text(memberStateName(seat.state))},
            {QStringLiteral("nodes"), nodes},
            {QStringLiteral("here"), seat.here ? QJsonValue(connections) : QJsonValue()},
            {QStringLiteral("findings"), QJsonArray::fromStringList(seat.findings)}};
}

QJsonObject userToJson(const UserInspection &user)
{
    QJsonArray seats;
    for (const SeatInspection &seat : user.seats)
        seats.append(seatToJson(seat));
    return {{QStringLiteral("userId"), text(user.user.value())},
            {QStringLiteral("online"), user.isOnline},
            {QStringLiteral("status"), text(user.status)},
            {QStringLiteral("hasKey"), user.hasKey},
            {QStringLiteral("keyLeftMs"), orNull(user.keyLeft)},
            {QStringLiteral("lastHeartbeatMs"), user.lastHeartbeatMs},
            {QStringLiteral("expiresInMs"), orNull(user.deadlineLeft)},
            {QStringLiteral("lastSeenMs"), user.lastSeenMs},
            {QStringLiteral("seats"), seats},
            {QStringLiteral("findings"), QJsonArray::fromStringList(user.findings)}};
}

QString graceOf(const SeatInspection &seat, const NodeHolding &holding)
{
    if (holding.node.isNull() && seat.here) // not written, or there is no Redis
        return secondsOr(seat.graceLeftHere(), "no");
    return secondsOr(holding.graceLeft, holding.isInUserHash ? "no" : "-");
}

QString connectionsOf(const SeatInspection &seat)
{
    QStringList ids;
    for (const HeldConnection &held : seat.here.value_or(std::vector<HeldConnection>()))
        ids.append(QString::number(held.connection.value()));
    if (ids.isEmpty() && !seat.connection.isEmpty())
        ids.append(text(seat.connection.mid(seat.connection.lastIndexOf(':') + 1)));
    return ids.isEmpty() ? QStringLiteral("-") : ids.join(QLatin1Char(','));
}

void addRows(TextTable &table, const PresenceInspection &found, const UserInspection &user)
{
    for (const SeatInspection &seat : user.seats) {
        std::vector<NodeHolding> nodes = seat.nodes;
        if (nodes.empty())
            nodes.emplace_back();
        for (const NodeHolding &holding : nodes) {
            table.addRow({text(user.user.value()), text(seat.room.value()),
                          verdictName(seat.verdict), text(memberStateName(seat.state)),
                          holding.node.isNull() ? QStringLiteral("-") : text(holding.node.value()),
                          holding.isNodeKnown ? seconds(holding.leaseLeft) : QStringLiteral("none"),
                          connectionsOf(seat), ago(found.atMs, seat.joinedAtMs),
                          ago(found.atMs, user.lastHeartbeatMs), secondsOr(user.deadlineLeft, "-"),
                          graceOf(seat, holding)});
        }
    }
}

QString findingsText(const PresenceInspection &found)
{
    QString lines;
    const auto add = [&lines](const QString &who, const QStringList &findings) {
        for (const QString &finding : findings)
            lines += printable(QStringLiteral("  ! %1: %2").arg(who, finding)) + QLatin1Char('\n');
    };
    if (found.room)
        add(text(found.room->room.value()), found.room->findings);
    for (const UserInspection &user : found.users) {
        const QString id = text(user.user.value());
        add(id, user.findings);
        for (const SeatInspection &seat : user.seats)
            add(QStringLiteral("%1 in %2").arg(id, text(seat.room.value())), seat.findings);
    }
    return lines;
}

} // namespace

int findingsIn(const PresenceInspection &found)
{
    return int(findingsText(found).count(QLatin1Char('\n')));
}

QJsonObject inspectionToJson(const PresenceInspection &found)
{
    QJsonObject json{{QStringLiteral("atMs"), found.atMs},
                     {QStringLiteral("complete"), found.isComplete},
                     {QStringLiteral("room"), QJsonValue()}};
    if (const auto &room = found.room) {
        QJsonArray nodes;
        for (const NodeId &node : room->nodes)
            nodes.append(text(node.value()));
        json[QStringLiteral("room")] = QJsonObject{
            {QStringLiteral("roomId"), text(room->room.value())},
            {QStringLiteral("counted"), room->counted},
            {QStringLiteral("occupancy"), room->stored ? QJsonValue(*room->stored) : QJsonValue()},
            {QStringLiteral("nodes"), nodes},
            {QStringLiteral("findings"), QJsonArray::fromStringList(room->findings)}};
    }
    QJsonArray users;
    for (const UserInspection &user : found.users)
        users.append(userToJson(user));
    json[QStringLiteral("users")] = users;
    return json;
}

QString inspectionToText(const PresenceInspection &found)
{
    QString out;
    if (found.room && (found.room->counted > 0 || found.room->stored || !found.room->nodes.empty()))
        out += QStringLiteral("room %1: %2 counted, occupancy %3, on %4 node(s)\n")
                   .arg(text(found.room->room.value()))
                   .arg(found.room->counted)
                   .arg(found.room->stored.value_or(0))
                   .arg(found.room->nodes.size());
    TextTable table({QStringLiteral("USER"), QStringLiteral("ROOM"), QStringLiteral("VERDICT"),
                     QStringLiteral("STATE"), QStringLiteral("NODE"), QStringLiteral("LEASE"),
                     QStringLiteral("CONNECTION"), QStringLiteral("JOINED"),
                     QStringLiteral("HEARTBEAT"), QStringLiteral("EXPIRES IN"),
                     QStringLiteral("GRACE")});
    for (const UserInspection &user : found.users) {
        addRows(table, found, user);
        if (!user.seats.empty())
            continue;
        out += user.isOnline
            ? QStringLiteral("user %1: online, in no room\n").arg(text(user.user.value()))
            : QStringLiteral("user %1: offline, last seen %2\n")
                  .arg(text(user.user.value()), ago(found.atMs, user.lastSeenMs));
    }
    out += table.text();
    const QString findings = findingsText(found);
    if (out.isEmpty() && findings.isEmpty())
        return QStringLiteral("nothing is known of it\n");
    out += findings.isEmpty() ? QStringLiteral("everything fits together\n")
                              : QStringLiteral("findings:\n") + findings;
    if (!found.isComplete)
        out += QStringLiteral("there is more than is looked at at once\n");
    return out;
}

QJsonObject purgeToJson(const PurgeReport &report)
{
    QJsonArray seats;
    for (const PurgedSeat &seat : report.seats) {
        seats.append(QJsonObject{{QStringLiteral("roomId"), text(seat.room.value())},
                                 {QStringLiteral("userId"), text(seat.user.value())},
                                 {QStringLiteral("node"), text(seat.node.value())},
                                 {QStringLiteral("action"), actionName(seat.action)}});
    }
    return {{QStringLiteral("seats"), seats}, {QStringLiteral("complete"), report.isComplete}};
}

QString purgeToText(const PurgeReport &report, bool isPlan)
{
    if (report.seats.empty())
        return QStringLiteral("there is nothing to remove\n");
    TextTable table({QStringLiteral("USER"), QStringLiteral("ROOM"), QStringLiteral("NODE"),
                     isPlan ? QStringLiteral("WOULD BE") : QStringLiteral("ACTION")});
    for (const PurgedSeat &seat : report.seats) {
        table.addRow({text(seat.user.value()),
                      seat.room.isNull() ? QStringLiteral("-") : text(seat.room.value()),
                      seat.node.isNull() ? QStringLiteral("-") : text(seat.node.value()),
                      actionName(seat.action)});
    }
    return table.text();
}

} // namespace Rollcall::Presence

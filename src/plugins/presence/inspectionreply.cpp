// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/inspectionreply.h"

#include "plugins/presence/memberjson.h"
#include "plugins/presence/seatfield.h"

#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>

namespace Rollcall::Presence {

namespace {

using Milliseconds = std::chrono::milliseconds;
using Pairs = QHash<QByteArray, QByteArray>;

constexpr size_t kHeadElements = 7;
// A living node ends a grace within moments. What is older was left behind by a dead one, or is
// about to be corrected after an outage.
constexpr Milliseconds kLateGrace{5000};

Pairs pairsOf(const RedisReply &reply)
{
    Pairs pairs;
    for (size_t i = 0; i + 1 < reply.elements.size(); i += 2)
        pairs.insert(reply.elements[i].text, reply.elements[i + 1].text);
    return pairs;
}

struct NodeLife
{
    Milliseconds left{0};
    QByteArray state;
};

std::optional<Milliseconds> graceLeft(QByteArrayView seatField, qint64 nowMs)
{
    const std::optional<qint64> end = graceEndInSeatField(seatField);
    if (!end || *end + kLateGrace.count() < nowMs)
        return std::nullopt;
    return Milliseconds(*end - nowMs);
}

SeatInspection readSeat(const UserId &user, const RedisReply &reply,
                        const QHash<NodeId, NodeLife> &lives, qint64 nowMs)
{
    SeatInspection seat;
    seat.user = user;
    if (reply.elements.size() < 4)
        return seat;
    seat.room = RoomId(reply.elements[0].text);
    seat.isCounted = reply.elements[1].integer == 1;
    const QByteArray &json = reply.elements[2].text;
    seat.hasDetails = !json.isEmpty();
    if (seat.hasDetails) {
        const Member member = memberFromJson(user, json);
        seat.displayName = member.displayName;
        seat.joinedAtMs = member.joinedAtMs;
        seat.state = member.state;
        seat.connection = QJsonDocument::fromJson(json)
                              .object()
                              .value(QLatin1String("socketId"))
                              .toString()
                              .toUtf8();
    }
    const std::vector<RedisReply> &holdings = reply.elements[3].elements;
    for (size_t i = 0; i + 3 < holdings.size(); i += 4) {
        NodeHolding holding;
        holding.node = NodeId(holdings[i].text);
        holding.isInSet = holdings[i + 1].integer == 1;
        holding.isListed = holdings[i + 2].integer == 1;
        holding.isInUserHash = !holdings[i + 3].text.isEmpty();
        holding.graceLeft = graceLeft(holdings[i + 3].text, nowMs);
        holding.isNodeKnown = lives.contains(holding.node);
        if (holding.isNodeKnown) {
            const NodeLife life = lives.value(holding.node);
            holding.leaseLeft = life.left;
            holding.nodeState = life.state;
        }
        seat.nodes.push_back(holding);
    }
    return seat;
}

} // namespace

std::optional<InspectionReply> InspectionReply::parse(const UserId &user, const RedisReply &reply)
{
    if (!reply.isArray() || reply.elements.size() < kHeadElements)
        return std::nullopt;
    InspectionReply answer;
    answer.nowMs = reply.elements[0].integer;
    UserInspection &found = answer.user;
    found.user = user;
    const Pairs hash = pairsOf(reply.elements[1]);
    for (auto field = hash.keyBegin(); field != hash.keyEnd(); ++field) {
        const qsizetype colon = field->startsWith("at:") ? field->indexOf(':', 3) : -1;
        if (colon > 0)
            answer.roomsOfHash.emplace_back(field->sliced(colon + 1));
    }
    const qint64 life = reply.elements[2].integer;
    found.hasKey = life != -2;
    if (life >= 0)
        found.keyLeft = Milliseconds(life);
    const Pairs meta = pairsOf(reply.elements[3]);
    found.status = meta.value("status");
    found.lastSeenMs = meta.value("lastSeen").toLongLong();
    const QByteArray &heartbeat = reply.elements[4].text;
    found.isOnline = !heartbeat.isEmpty();
    found.lastHeartbeatMs = qint64(heartbeat.toDouble() * 1000);
    const QByteArray &deadline = reply.elements[5].text;
    if (!deadline.isEmpty())
        found.deadlineLeft = Milliseconds(qint64(deadline.toDouble()) - answer.nowMs);
    QHash<NodeId, NodeLife> lives;
    const std::vector<RedisReply> &nodes = reply.elements[6].elements;
    for (size_t i = 0; i + 2 < nodes.size(); i += 3) {
        const NodeId node(nodes[i].text);
        lives.insert(node, {Milliseconds(nodes[i + 1].integer), nodes[i + 2].text});
        answer.knownNodes.push_back(node);
    }
    for (size_t i = kHeadElements; i < reply.elements.size(); ++i)
        found.seats.push_back(readSeat(user, reply.elements[i], lives, answer.nowMs));
    return answer;
}

} // namespace Rollcall::Presence

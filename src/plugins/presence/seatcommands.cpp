// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/seatcommands.h"

#include "core/redis/redisbatch.h"
#include "plugins/presence/memberjson.h"
#include "plugins/presence/seatfield.h"

namespace Rollcall::Presence {

namespace {

using namespace std::chrono_literals;

/// The <u> of presence:meta:<u>.
QByteArrayView keyPartOf(QByteArrayView name)
{
    return name.startsWith("user:") ? name.sliced(5) : name;
}

} // namespace

SeatCommands::SeatCommands(const StoreContext &context)
    : m_context(context)
    , m_isLean(context.config.isLean())
    , m_users(context.keys.userPrefix())
    , m_metas(context.keys.metaPrefix())
    , m_life(QByteArray::number(qint64(context.config.idleTtl / 1s)))
{ }

void SeatCommands::write(RedisBatch &batch, const SeatRecord &seat, const SeatRecord &latest,
                         QByteArrayView name) const
{
    const QByteArray &node = m_context.keys.node().value();
    const Member &member = seat.member;
    batch.begin(m_isLean ? 18 : 14)
        .add("HSET")
        .add({m_users, name})
        .add({"at:", node, ":", seat.room.value()})
        .add(seatFieldValue(m_context, seat))
        .add("type")
        .add(roomKindName(latest.kind))
        .add(latest.kind == RoomKind::Page ? "url" : "room")
        .add(latest.room.value())
        .add("username")
        .add(member.displayName)
        .add("pk")
        .add(member.user.value())
        .add("deviceType")
        .add(deviceTypeName(member.device));
    if (m_isLean) {
        batch.add("avatar").add(member.avatar).add("state").add(memberStateName(member.state));
        return;
    }
    // GET: refused where the key is no string.
    batch.begin(6)
        .add("SET")
        .add(m_context.keys.roomUser(seat.room, member.user))
        .add(memberToJson(seat, m_context.keys.node()))
        .add("EX")
        .add(m_life)
        .add("GET");
    batch.begin(10)
        .add("HSET")
        .add({m_metas, keyPartOf(name)})
        .add("status")
        .add(member.state == MemberState::Away ? "away" : "online")
        .add("node")
        .add(node)
        .add("deviceId")
        .add(seat.device)
        .add("role")
        .add(seat.role);
}

void SeatCommands::writeLife(RedisBatch &batch, QByteArrayView name, qint64 deadline,
                             QByteArrayView option) const
{
    batch.begin(4).add("PEXPIREAT").add({m_users, name}).addNumber(deadline).add(option);
}

} // namespace Rollcall::Presence

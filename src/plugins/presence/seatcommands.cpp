// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/seatcommands.h"

#include "core/redis/redisbatch.h"
#include "core/redis/redisreply.h"
#include "plugins/presence/memberjson.h"
#include "plugins/presence/seatfield.h"

namespace Rollcall::Presence {

namespace {

using namespace std::chrono_literals;

constexpr std::array kKeys{SeatCommands::Key::User, SeatCommands::Key::Json,
                           SeatCommands::Key::Meta};
constexpr qsizetype kUserFields = 6;
constexpr qsizetype kLeanUserFields = 8;
constexpr qsizetype kMetaFields = 4;

/// The <u> of presence:meta:<u> and room:<r>:user:<u>.
QByteArrayView keyPartOf(QByteArrayView name)
{
    return name.startsWith("user:") ? name.sliced(5) : name;
}

} // namespace

SeatCommands::SeatCommands(const StoreContext &context, const RoomId &room)
    : m_context(context)
    , m_isLean(context.config.isLean())
    , m_users(context.keys.userPrefix())
    , m_metas(context.keys.metaPrefix())
    , m_roomUsers(context.keys.roomUserPrefix(room))
    , m_life(QByteArray::number(qint64(context.config.idleTtl / 1s)))
{ }

std::span<const SeatCommands::Key> SeatCommands::keys() const
{
    return std::span(kKeys).first(m_isLean ? 1 : kKeys.size());
}

template <typename Add>
void SeatCommands::addUserFields(const Seat &seat, Add add) const
{
    const Member &member = seat.record.member;
    add({"at:", m_context.keys.node().value(), ":", seat.record.room.value()},
        seatFieldValue(m_context, seat.record));
    add({"type"}, roomKindName(seat.latest.kind));
    add({seat.latest.kind == RoomKind::Page ? "url" : "room"}, seat.latest.room.value());
    add({"username"}, member.displayName);
    add({"pk"}, member.user.value());
    add({"deviceType"}, deviceTypeName(member.device));
    if (m_isLean) { // in the place of the JSON
        add({"avatar"}, member.avatar);
        add({"state"}, memberStateName(member.state));
    }
}

template <typename Add>
void SeatCommands::addMetaFields(const Seat &seat, Add add) const
{
    add({"status"}, seat.record.member.state == MemberState::Away ? "away" : "online");
    add({"node"}, m_context.keys.node().value());
    add({"deviceId"}, seat.record.device);
    add({"role"}, seat.record.role);
}

RedisBatch &SeatCommands::beginJson(RedisBatch &batch, const Seat &seat) const
{
    return batch.begin(6)
        .add("SET")
        .add({m_roomUsers, keyPartOf(seat.name)})
        .add(memberToJson(seat.record, m_context.keys.node()))
        .add("EX")
        .add(m_life);
}

void SeatCommands::create(RedisBatch &batch, Key key, const Seat &seat, qint64 deadline)
{
    const auto add = [this](std::initializer_list<QByteArrayView> name, QByteArrayView value) {
        m_dump.add(name).add({value});
    };
    switch (key) {
    case Key::User:
        m_dump.clear();
        addUserFields(seat, add);
        batch.begin(5)
            .add("RESTORE")
            .add({m_users, seat.name})
            .addNumber(deadline)
            .add(m_dump.finish())
            .add("ABSTTL");
        break;
    case Key::Json:
        beginJson(batch, seat).add("NX");
        break;
    case Key::Meta:
        m_dump.clear();
        addMetaFields(seat, add);
        batch.begin(4)
            .add("RESTORE")
            .add({m_metas, keyPartOf(seat.name)})
            .add("0")
            .add(m_dump.finish());
        break;
    }
}

bool SeatCommands::isCreated(Key key, const RedisReply &reply)
{
    return reply.isOk() && (key != Key::Json || !reply.isNull());
}

void SeatCommands::write(RedisBatch &batch, Key key, const Seat &seat) const
{
    const auto add = [&batch](std::initializer_list<QByteArrayView> name, QByteArrayView value) {
        batch.add(name).add(value);
    };
    switch (key) {
    case Key::User:
        batch.begin(2 + 2 * (m_isLean ? kLeanUserFields : kUserFields))
            .add("HSET")
            .add({m_users, seat.name});
        addUserFields(seat, add);
        break;
    case Key::Json:
        beginJson(batch, seat).add("GET"); // refused where the key is no string
        break;
    case Key::Meta:
        batch.begin(2 + 2 * kMetaFields).add("HSET").add({m_metas, keyPartOf(seat.name)});
        addMetaFields(seat, add);
        break;
    }
}

bool SeatCommands::hasExisted(Key key, const RedisReply &reply)
{
    return key == Key::Meta && reply.integer != kMetaFields;
}

void SeatCommands::writeLife(RedisBatch &batch, QByteArrayView name, qint64 deadline,
                             QByteArrayView option) const
{
    batch.begin(4).add("PEXPIREAT").add({m_users, name}).addNumber(deadline).add(option);
}

} // namespace Rollcall::Presence

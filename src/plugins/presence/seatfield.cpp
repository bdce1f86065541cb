// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/seatfield.h"

#include "plugins/presence/storecontext.h"

namespace Rollcall::Presence {

namespace {

using namespace std::chrono_literals;

constexpr QByteArrayView kGrace = " grace ";
// What is known of Redis' clock changes by some ms with every answer.
constexpr std::chrono::milliseconds kClockTolerance = 1s;

} // namespace

QByteArray seatFieldValue(const StoreContext &context, const SeatRecord &seat)
{
    QByteArray value = QByteArray::number(seat.member.joinedAtMs);
    if (seat.graceEnd)
        value.append(kGrace).append(QByteArray::number(context.redisTimeMs(*seat.graceEnd)));
    return value;
}

std::optional<qint64> graceEndInSeatField(QByteArrayView value)
{
    const qsizetype at = value.indexOf(kGrace);
    if (at < 0)
        return std::nullopt;
    bool isNumber = false;
    const qint64 end = value.sliced(at + kGrace.size()).toLongLong(&isNumber);
    return isNumber ? std::optional(end) : std::nullopt;
}

bool tellsGraceOf(const StoreContext &context, const SeatRecord &seat, QByteArrayView value)
{
    const std::optional<qint64> told = graceEndInSeatField(value);
    if (!told || !seat.graceEnd)
        return !told && !seat.graceEnd;
    return std::abs(*told - context.redisTimeMs(*seat.graceEnd)) < kClockTolerance.count();
}

} // namespace Rollcall::Presence

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/presencestore.h"

namespace Rollcall::Presence {

struct StoreContext;

/// What the field at:<node>:<room> of a user's hash says: since when the user is there (ms), and
/// " grace " and when it ends (ms, Redis' time) while none of the node's connections of theirs
/// lives.
///
/// One value and not a field beside it, so that whatever takes the seat out takes the grace along,
/// and whatever writes the seat writes the grace as it is.
QByteArray seatFieldValue(const StoreContext &context, const SeatRecord &seat);
/// Null: not in grace.
std::optional<qint64> graceEndInSeatField(QByteArrayView value);
/// Whether the value tells those who inspect the seat what is true of its grace.
bool tellsGraceOf(const StoreContext &context, const SeatRecord &seat, QByteArrayView value);

} // namespace Rollcall::Presence

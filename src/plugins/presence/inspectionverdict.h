// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/presenceinspection.h"

namespace Rollcall::Presence {

/// Sets the verdicts of the seats, and writes down what does not fit together. `asked`: the node
/// whose RAM is in SeatInspection::here; null: nobody's is.
void judge(UserInspection &user, const std::optional<NodeId> &asked, bool seesAllSeats);
void judge(RoomInspection &room);

} // namespace Rollcall::Presence

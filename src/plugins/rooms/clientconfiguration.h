// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QJsonObject>

namespace Rollcall {
class PresenceService;
}

namespace Rollcall::Rooms {

struct RoomsConfig;

/// The members of GET /config.json that clients of the rooms dialect need; times are in
/// milliseconds.
QJsonObject clientConfiguration(const RoomsConfig &config, const PresenceService &presence);

} // namespace Rollcall::Rooms

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/roomdirectory.h"

#include <QJsonObject>
#include <QStringList>

namespace Rollcall::Rooms {

constexpr int kMaxCapacity = 1'000'000;

/// An id that a room may have: PROTOCOL's rules for ids, and none of the reserved words.
bool isValidRoomId(QByteArrayView id);

/// The same id and settings.
bool isSameRoom(const RoomDefinition &a, const RoomDefinition &b);

/// `base` with the members of `json` put over it: id, name, theme, region, capacity, isPrivate (or
/// private). Everything wrong is told in `problems`, unknown members only with `isStrict`. A
/// missing id is no problem here; a missing name becomes the id.
RoomDefinition roomFromJson(const QJsonObject &json, const RoomDefinition &base, bool isStrict,
                            QStringList &problems);

/// What is kept in Redis: everything but the id, which is the field's name.
QJsonObject roomToJson(const RoomDefinition &room);

} // namespace Rollcall::Rooms

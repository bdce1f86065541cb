// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/strongid.h"

#include <QByteArrayView>

#include <optional>

namespace Rollcall {

/// The room of a page: its path without query, fragment and trailing slashes ("/" stays "/"). A
/// path of more than kMaxPageIdBytes becomes "~" and its SHA-256. Nothing for what does not begin
/// with "/" or is no id.
ROLLCALL_BASE_EXPORT std::optional<RoomId> pageRoom(QByteArrayView url);

} // namespace Rollcall

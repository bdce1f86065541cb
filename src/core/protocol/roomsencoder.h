// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/protocol/serverevent.h"

#include <QByteArray>

namespace Rollcall {

/// Appends the event as a frame of the `rooms` dialect: {"v":1,"t":...,"ts":nowMs,"payload":{...}}.
ROLLCALL_BASE_EXPORT void appendRoomsFrame(QByteArray &out, const ServerEvent &event, qint64 nowMs);

/// Appends {"seq":...,"x":...,...}: a movement alone, as it is kept in Redis.
ROLLCALL_BASE_EXPORT void appendTransformObject(QByteArray &out, const Transform &transform);

} // namespace Rollcall

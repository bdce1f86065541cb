// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/roomsdialect.h"

#include "core/protocol/roomsencoder.h"

namespace Rollcall::Realtime {

bool RoomsDialect::encode(QByteArray &out, const ServerEvent &event, qint64 nowMs)
{
    appendRoomsFrame(out, event, nowMs);
    return true;
}

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/closecode.h"

namespace Rollcall {

QLatin1String closeReason(CloseCode code)
{
    switch (code) {
    case CloseCode::Normal:
        return QLatin1String("bye");
    case CloseCode::GoingAway:
        return QLatin1String("going away");
    case CloseCode::ProtocolViolation:
        return QLatin1String("protocol violation");
    case CloseCode::UnsupportedData:
        return QLatin1String("unsupported data");
    case CloseCode::InvalidPayload:
        return QLatin1String("not UTF-8");
    case CloseCode::MessageTooBig:
        return QLatin1String("message too big");
    case CloseCode::Drained:
        return QLatin1String("server is draining");
    case CloseCode::PingTimeout:
        return QLatin1String("ping timeout");
    case CloseCode::SlowConsumer:
        return QLatin1String("slow consumer");
    case CloseCode::Overloaded:
        return QLatin1String("overloaded");
    case CloseCode::AuthTimeout:
        return QLatin1String("not authenticated in time");
    case CloseCode::Replaced:
        return QLatin1String("replaced by a newer connection of this device");
    case CloseCode::Kicked:
        return QLatin1String("kicked");
    case CloseCode::Banned:
        return QLatin1String("banned");
    case CloseCode::Inactivity:
        return QLatin1String("inactivity");
    case CloseCode::RoomClosed:
        return QLatin1String("room closed");
    case CloseCode::ProtocolError:
        return QLatin1String("too many malformed messages");
    case CloseCode::RateAbuse:
        return QLatin1String("rate abuse");
    case CloseCode::NoStatus:
    case CloseCode::Abnormal:
        break;
    }
    return {};
}

} // namespace Rollcall

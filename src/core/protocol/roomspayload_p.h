// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/jsonreader_p.h"

namespace Rollcall {

/// Reads the payload of an event `type` of the `rooms` dialect. Texts of `message` are views into
/// the parser.
JsonProblem readRoomsPayload(QByteArrayView type, simdjson::ondemand::object object,
                             const ClientLimits &limits, ClientMessage &message);

} // namespace Rollcall

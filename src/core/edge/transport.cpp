// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/transport.h"

namespace Rollcall {

TransportHandler::~TransportHandler() = default;
Transport::~Transport() = default;

} // namespace Rollcall

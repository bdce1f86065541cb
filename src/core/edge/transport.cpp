// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/transport.h"

namespace Rollcall {

TransportHandler::~TransportHandler() = default;
Transport::~Transport() = default;

void Transport::sendNow(std::span<const std::span<const char>> pieces)
{
    for (const std::span<const char> piece : pieces)
        write(piece);
    flush();
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/strongid.h"

#include <span>

namespace Rollcall::Realtime {

class DialectCodec;

/// Who can be sent something: a connection, as the hub sees it.
class Recipient
{
public:
    virtual ~Recipient();

    virtual ConnectionId id() const = 0;
    virtual DialectCodec &codec() const = 0;
    /// Appends a complete frame, or a piece of one that is followed by the rest, to the
    /// connection's out-buffer.
    virtual void deliver(std::span<const char> bytes) = 0;
    /// Bytes in the out-buffer that wait for the network.
    virtual size_t bytesPending() const = 0;
};

} // namespace Rollcall::Realtime

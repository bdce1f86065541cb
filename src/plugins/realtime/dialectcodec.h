// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/result.h"
#include "core/protocol/clientmessage.h"
#include "core/protocol/serverevent.h"

#include <QByteArray>

namespace Rollcall::Realtime {

/// A wire dialect: the messages of its clients into ours, our events into its bytes. No connection
/// in sight.
///
/// One per dialect and node, shared by all connections that speak it.
class DialectCodec
{
public:
    virtual ~DialectCodec();

    virtual Dialect dialect() const = 0;
    /// Whether its messages are binary frames; a message of the other kind is closed with 1003.
    virtual bool isBinary() const = 0;
    /// A message is valid until the next decode(). Text is valid UTF-8. Errors: BadRequest,
    /// OutOfRange.
    virtual Result<ClientMessage> decode(QByteArrayView message) = 0;
    /// What the last message said it was, for error events; may be empty.
    virtual QByteArrayView lastType() const = 0;
    /// Appends the event as one message. False, and nothing appended: this dialect does not say
    /// that.
    virtual bool encode(QByteArray &out, const ServerEvent &event, qint64 nowMs) = 0;
    /// Values that are accepted from now on.
    virtual void setLimits(const ClientLimits &limits) = 0;
};

} // namespace Rollcall::Realtime

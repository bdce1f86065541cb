// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"
#include "core/protocol/clientmessage.h"

#include <QByteArrayView>

#include <memory>

namespace Rollcall {

/// Turns the frames of clients of the `rooms` dialect into messages, and refuses what is not one.
///
/// One per node: it keeps its buffers. Not reentrant; a message is valid until the next decode().
class ROLLCALL_BASE_EXPORT RoomsDecoder
{
public:
    explicit RoomsDecoder(const ClientLimits &limits = {});
    ~RoomsDecoder();

    void setLimits(const ClientLimits &limits);
    /// `frame` is valid UTF-8. Errors: BadRequest, OutOfRange.
    Result<ClientMessage> decode(QByteArrayView frame);
    /// What the last frame said it was, also if it was refused; empty if it said nothing.
    QByteArrayView lastType() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/protocol/serverevent.h"

#include <QByteArrayView>

#include <memory>
#include <optional>
#include <variant>

namespace Rollcall {

/// What one node tells the others about a room: frames of the `rooms` dialect, read back. Texts are
/// views into the decoder and end with its next decode().
using RelayedEvent = std::variant<TransformEvent, ChatEvent, EmoteEvent, OtherEvent>;

/// Reads what other nodes relayed or keep in Redis. It is checked like anything from outside.
class ROLLCALL_BASE_EXPORT RelayDecoder
{
public:
    RelayDecoder();
    ~RelayDecoder();

    /// Nothing when it is not a frame of the `rooms` dialect.
    std::optional<RelayedEvent> decode(QByteArrayView frame);
    /// What appendTransformObject() wrote; nothing when it is something else.
    std::optional<Transform> decodeTransform(QByteArrayView object);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Rollcall

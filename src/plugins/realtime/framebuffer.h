// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/realtime/websocketframe.h"

#include <QByteArray>

namespace Rollcall::Realtime {

/// Builds a WebSocket frame around a message without moving the message: room for the header is
/// kept before it.
class FrameBuffer
{
public:
    /// Begins a new frame; append the message to what is returned.
    QByteArray &begin()
    {
        m_bytes.resize(kMaxServerHeader);
        return m_bytes;
    }
    /// Of the message appended since begin().
    QByteArrayView message() const { return QByteArrayView(m_bytes).sliced(kMaxServerHeader); }
    /// The whole frame; valid until the next begin().
    std::span<const char> finish(bool isBinary)
    {
        const size_t size = size_t(m_bytes.size()) - kMaxServerHeader;
        const size_t header = encodeHeaderBefore(m_bytes.data() + kMaxServerHeader,
                                                 isBinary ? Opcode::Binary : Opcode::Text, size);
        return {m_bytes.constData() + kMaxServerHeader - header, header + size};
    }

private:
    QByteArray m_bytes;
};

} // namespace Rollcall::Realtime

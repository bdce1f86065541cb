// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/roomsdecoder.h"
#include "plugins/realtime/dialectcodec.h"

namespace Rollcall::Realtime {

/// The `rooms` dialect (`/ws`): JSON envelopes.
class RoomsDialect final : public DialectCodec
{
public:
    explicit RoomsDialect(const ClientLimits &limits)
        : m_decoder(limits)
    { }

    Dialect dialect() const override { return Dialect::Rooms; }
    bool isBinary() const override { return false; }
    Result<ClientMessage> decode(QByteArrayView message) override
    {
        return m_decoder.decode(message);
    }
    QByteArrayView lastType() const override { return m_decoder.lastType(); }
    bool encode(QByteArray &out, const ServerEvent &event, qint64 nowMs) override;
    void setLimits(const ClientLimits &limits) override { m_decoder.setLimits(limits); }

private:
    RoomsDecoder m_decoder;
};

} // namespace Rollcall::Realtime

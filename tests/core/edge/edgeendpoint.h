// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/upgradeservice.h"

#include <QByteArray>
#include <QList>

#include <memory>
#include <optional>

namespace Rollcall {

/// Adopts everybody and keeps what they say.
class Endpoint final : public UpgradeEndpoint, public TransportHandler
{
public:
    UpgradeDecision decision;
    UpgradeRequest request;
    std::unique_ptr<Transport> transport;
    QByteArray bytes;
    QList<QByteArray> spans; // as they came
    std::optional<TransportEnd> end;
    size_t takeAtATime = 1; // only multiples of it are used up
    int drained = 0;
    bool destroysOnBytes = false;

    UpgradeDecision decide(const UpgradeRequest &) override { return decision; }
    void adopt(std::unique_ptr<Transport> adopted, const UpgradeRequest &of) override
    {
        transport = std::move(adopted);
        request = of;
        transport->setHandler(this);
    }
    size_t handleBytes(std::span<char> arrived) override
    {
        spans.append(QByteArray(arrived.data(), qsizetype(arrived.size())));
        const size_t taken = arrived.size() - arrived.size() % takeAtATime;
        bytes.append(arrived.data(), qsizetype(taken));
        if (destroysOnBytes)
            transport.reset();
        return taken;
    }
    void handleDrained() override { ++drained; }
    void handleEnd(TransportEnd how) override
    {
        end = how;
        transport.reset();
    }
};

inline QByteArray handshake(const QByteArray &path, const QByteArray &more = {})
{
    return "GET " + path
        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, "
          "Upgrade\r\n"
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + more + "\r\n";
}

} // namespace Rollcall

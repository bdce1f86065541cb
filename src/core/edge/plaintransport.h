// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/bufferedtransport.h"

#include <memory>
#include <sys/types.h>

class QSocketNotifier;

namespace Rollcall {

/// A transport on a connected, non-blocking TCP descriptor.
class PlainTransport final : public BufferedTransport
{
public:
    /// Owns `descriptor` from now on.
    PlainTransport(TransportContext &context, AdmissionTicket ticket, int descriptor,
                   const QHostAddress &peer, quint16 peerPort);
    ~PlainTransport() override;

    bool isSecure() const override { return false; }

protected:
    Moved receive(std::span<char> into, size_t &count) override;
    Moved send(std::span<const char> bytes, size_t &count) override;
    bool takesPieces() const override { return true; }
    Moved sendPieces(std::span<const std::span<const char>> pieces, size_t &count) override;
    void setReadInterest(bool isWanted) override;
    void setWriteInterest(bool isWanted) override;
    void finishWriting() override;
    bool dropsInOrder() const override { return true; }
    void drop(bool isAbort) override;

private:
    class Notifier;

    static Moved moved(ssize_t sent, size_t wanted, size_t &count);

    int m_descriptor;
    std::unique_ptr<Notifier> m_readNotifier; // made with the first handler
    std::unique_ptr<Notifier> m_writeNotifier; // made when the kernel's buffer is first full
};

} // namespace Rollcall

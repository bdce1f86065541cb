// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/admission.h"
#include "core/edge/deadlinesweep.h"

#include <QHostAddress>
#include <QSocketNotifier>

#include <functional>

namespace Rollcall {

/// An accepted connection whose first byte has not been seen: it decides between TLS and plain.
class FirstByte
{
public:
    enum class Kind { Plain, Tls, Gone };
    /// Called once; may destroy the object.
    using Handler = std::function<void(FirstByte &, Kind)>;

    FirstByte(DeadlineSweep &deadlines, AdmissionTicket ticket, int descriptor,
              const QHostAddress &peer, quint16 peerPort, std::chrono::milliseconds deadline,
              Handler handler);
    ~FirstByte();

    /// Both change hands.
    int takeDescriptor() { return std::exchange(m_descriptor, -1); }
    AdmissionTicket takeTicket() { return std::move(m_ticket); }
    const QHostAddress &peer() const { return m_peer; }
    quint16 peerPort() const { return m_peerPort; }

private:
    void peek();

    AdmissionTicket m_ticket;
    int m_descriptor;
    QHostAddress m_peer;
    quint16 m_peerPort;
    Handler m_handler;
    QSocketNotifier m_notifier;
    Deadline m_deadline;
};

} // namespace Rollcall

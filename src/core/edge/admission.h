// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QHash>
#include <QHostAddress>

#include <utility>

namespace Rollcall {

class Admission;

/// A connection's place in the limits; given back when it is destroyed. The Admission outlives it.
class AdmissionTicket
{
public:
    AdmissionTicket() = default;
    AdmissionTicket(AdmissionTicket &&other) noexcept
        : m_admission(std::exchange(other.m_admission, nullptr))
        , m_address(other.m_address)
    { }
    AdmissionTicket &operator=(AdmissionTicket &&other) noexcept
    {
        std::swap(m_admission, other.m_admission);
        std::swap(m_address, other.m_address);
        return *this;
    }
    ROLLCALL_CORE_EXPORT ~AdmissionTicket();

    /// Counts for this address from now on; false (and nothing changed) when it has no place left.
    ROLLCALL_CORE_EXPORT bool moveTo(const QHostAddress &address);

private:
    friend class Admission;
    AdmissionTicket(Admission *admission, const QHostAddress &address)
        : m_admission(admission)
        , m_address(address)
    { }

    Admission *m_admission = nullptr;
    QHostAddress m_address; // the key; null: counts for no address
};

/// How many connections there are, in total and per address (IPv6: per /64).
class ROLLCALL_CORE_EXPORT Admission
{
public:
    enum class Verdict { Admitted, TooMany, TooManyOfAddress };

    void setLimits(qint64 total, qint64 perAddress);
    /// Decides without allocating; `isProxy`: counts in total only.
    Verdict verdict(const QHostAddress &address, bool isProxy) const;
    AdmissionTicket admit(const QHostAddress &address, bool isProxy);
    qint64 connections() const { return m_connections; }

    /// What counts as one address: v4 as it is, v4-mapped as v4, v6 its /64.
    static QHostAddress key(const QHostAddress &address);

private:
    friend class AdmissionTicket;
    bool hasRoom(const QHostAddress &key) const;
    void enter(const QHostAddress &key);
    void leave(const QHostAddress &key);

    QHash<QHostAddress, qint64> m_addresses;
    qint64 m_connections = 0;
    qint64 m_maxConnections = 20'000;
    qint64 m_maxPerAddress = 0;
};

} // namespace Rollcall

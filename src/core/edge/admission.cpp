// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/admission.h"

namespace Rollcall {

AdmissionTicket::~AdmissionTicket()
{
    if (!m_admission)
        return;
    --m_admission->m_connections;
    m_admission->leave(m_address);
}

bool AdmissionTicket::moveTo(const QHostAddress &address)
{
    const QHostAddress to = Admission::key(address);
    if (!m_admission || to == m_address)
        return true;
    if (!m_admission->hasRoom(to))
        return false;
    m_admission->leave(m_address);
    m_admission->enter(to);
    m_address = to;
    return true;
}

void Admission::setLimits(qint64 total, qint64 perAddress)
{
    m_maxConnections = total;
    m_maxPerAddress = perAddress;
}

Admission::Verdict Admission::verdict(const QHostAddress &address, bool isProxy) const
{
    if (m_connections >= m_maxConnections)
        return Verdict::TooMany;
    if (!isProxy && !hasRoom(key(address)))
        return Verdict::TooManyOfAddress;
    return Verdict::Admitted;
}

AdmissionTicket Admission::admit(const QHostAddress &address, bool isProxy)
{
    const QHostAddress to = isProxy ? QHostAddress() : key(address);
    ++m_connections;
    enter(to);
    return {this, to};
}

QHostAddress Admission::key(const QHostAddress &address)
{
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4); // v4-mapped too
    if (isV4)
        return QHostAddress(v4);
    Q_IPV6ADDR bytes = address.toIPv6Address();
    std::fill(bytes.c + 8, bytes.c + 16, quint8(0));
    return address.isNull() ? address : QHostAddress(bytes);
}

bool Admission::hasRoom(const QHostAddress &key) const
{
    return m_maxPerAddress <= 0 || m_addresses.value(key) < m_maxPerAddress;
}

void Admission::enter(const QHostAddress &key)
{
    if (!key.isNull())
        ++m_addresses[key];
}

void Admission::leave(const QHostAddress &key)
{
    const auto found = m_addresses.find(key);
    if (found != m_addresses.end() && --found.value() == 0)
        m_addresses.erase(found);
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/proxypolicy.h"

#include "core/edge/httpsyntax.h"

#include <algorithm>

namespace Rollcall {

namespace {

// "192.0.2.1", "192.0.2.1:1234", "2001:db8::1", "[2001:db8::1]:1234"
QHostAddress parseAddress(QByteArray text)
{
    text = text.trimmed();
    if (text.startsWith('['))
        text = text.mid(1, text.indexOf(']') - 1);
    else if (text.count(':') == 1)
        text = text.left(text.indexOf(':'));
    return QHostAddress(QString::fromLatin1(text));
}

QHostAddress unmapped(const QHostAddress &address)
{
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4);
    return isV4 ? QHostAddress(v4) : address;
}

bool hasForwardingHeaders(const RequestHead &head)
{
    return std::any_of(head.headers.begin(), head.headers.end(), [](const auto &header) {
        const QByteArray &name = header.first;
        return Http::startsWith({name.constData(), size_t(name.size())}, "x-forwarded-")
            || Http::equals(name, "forwarded") || Http::equals(name, "x-real-ip");
    });
}

} // namespace

ProxyPolicy::ProxyPolicy(const QStringList &trusted)
{
    for (const QString &entry : trusted) {
        const QHostAddress address(entry);
        if (!address.isNull())
            m_networks.append(
                {unmapped(address), address.protocol() == QHostAddress::IPv4Protocol ? 32 : 128});
        else if (const auto network = QHostAddress::parseSubnet(entry); network.second >= 0)
            m_networks.append(network);
    }
}

bool ProxyPolicy::isTrusted(const QHostAddress &address) const
{
    const QHostAddress plain = unmapped(address);
    return std::any_of(m_networks.begin(), m_networks.end(), [&](const auto &network) {
        return plain.protocol() == network.first.protocol() && plain.isInSubnet(network);
    });
}

ProxyPolicy::Origin ProxyPolicy::originOf(const QHostAddress &peer, bool isSecure,
                                          const RequestHead &head) const
{
    Origin origin{unmapped(peer), isSecure, false};
    if (!hasForwardingHeaders(head))
        return origin;
    if (!isTrusted(peer)) {
        if (origin.client.isLoopback())
            origin.client.clear();
        return origin;
    }
    origin.isForwarded = true;
    // Of several, the last is what the proxy next to us said.
    const QByteArray scheme =
        head.header("x-forwarded-proto").split(',').last().trimmed().toLower();
    if (!scheme.isEmpty())
        origin.isSecure = scheme == "https" || scheme == "wss";
    // From the right: each trusted proxy has appended whom it heard from. The first that is not
    // ours is the client.
    QList<QByteArray> hops;
    for (const auto &[name, value] : head.headers) {
        if (Http::equals(name, "x-forwarded-for"))
            hops += value.split(',');
    }
    for (auto hop = hops.crbegin(); hop != hops.crend(); ++hop) {
        const QHostAddress address = unmapped(parseAddress(*hop));
        if (address.isNull())
            break; // whoever wrote this is the last that we know
        origin.client = address;
        if (!isTrusted(address))
            break;
    }
    return origin;
}

} // namespace Rollcall

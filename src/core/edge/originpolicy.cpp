// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/originpolicy.h"

#include <QUrl>

namespace Rollcall {

namespace {

int defaultPort(const QByteArray &scheme)
{
    return scheme == "https" || scheme == "wss" ? 443 : 80;
}

// "https://Example.org:443" -> "https://example.org": as browsers write it.
QByteArray normalized(const QByteArray &origin)
{
    const QByteArray lower = origin.toLower();
    const qsizetype colon = lower.indexOf("://");
    if (colon < 0)
        return lower;
    const QByteArray port = ':' + QByteArray::number(defaultPort(lower.left(colon)));
    return lower.endsWith(port) ? lower.chopped(port.size()) : lower;
}

} // namespace

OriginPolicy::OriginPolicy(const QStringList &allowed, const QString &publicUrl,
                           const QStringList &allowedHosts, const QString &listenHost)
{
    for (const QString &origin : allowed) {
        m_allowsAny = m_allowsAny || origin == QLatin1String("*");
        m_allowed.append(normalized(origin.toUtf8()));
    }
    const QUrl url(publicUrl);
    if (!url.host().isEmpty()) {
        m_publicOrigin =
            normalized((url.scheme() + QLatin1String("://") + url.authority()).toUtf8());
        m_hosts.append(url.host().toUtf8().toLower());
    }
    for (const QString &host : allowedHosts)
        m_hosts.append(host.toUtf8().toLower());
    m_checksHost =
        listenHost == QLatin1String("localhost") || QHostAddress(listenHost).isLoopback();
}

OriginPolicy::Place OriginPolicy::placeOf(const QByteArray &authority, int defaultPort)
{
    const qsizetype colon = authority.lastIndexOf(':');
    if (colon < 0 || colon < authority.lastIndexOf(']'))
        return {authority.toLower(), defaultPort};
    bool isNumber = false;
    const int port = authority.mid(colon + 1).toInt(&isNumber);
    return {authority.left(colon).toLower(), isNumber ? port : defaultPort};
}

bool OriginPolicy::allowsOrigin(const QByteArray &origin, const QByteArray &authority,
                                bool isSecure) const
{
    if (origin.isEmpty() || m_allowsAny)
        return true;
    const QByteArray wanted = normalized(origin);
    if (!m_allowed.isEmpty())
        return m_allowed.contains(wanted)
            || (!m_publicOrigin.isEmpty() && wanted == m_publicOrigin);
    if (!m_publicOrigin.isEmpty() && wanted == m_publicOrigin)
        return true;
    const qsizetype colon = wanted.indexOf("://");
    if (colon < 0)
        return false;
    const Place theirs = placeOf(wanted.mid(colon + 3), defaultPort(wanted.left(colon)));
    // A proxy that ends TLS may not have told us so: then the port is the one that the page's
    // scheme implies.
    const Place ours = placeOf(authority, isSecure ? 443 : defaultPort(wanted.left(colon)));
    return !ours.host.isEmpty() && theirs.host == ours.host && theirs.port == ours.port;
}

bool OriginPolicy::allowsHost(const QByteArray &authority) const
{
    if (!m_checksHost || authority.isEmpty()) // HTTP/1.0 without Host: no browser
        return true;
    QByteArray host = placeOf(authority, 0).host;
    if (host.startsWith('[') && host.endsWith(']'))
        host = host.mid(1, host.size() - 2);
    return host == "localhost" || host.endsWith(".localhost") || m_hosts.contains(host)
        || QHostAddress(QString::fromLatin1(host)).isLoopback();
}

} // namespace Rollcall

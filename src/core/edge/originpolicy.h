// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QStringList>

namespace Rollcall {

/// Which web pages may call (Origin) and under which names this server is known (Host).
class ROLLCALL_CORE_EXPORT OriginPolicy
{
public:
    OriginPolicy() = default;
    /// `allowed`: edge.allowedOrigins; `publicUrl` counts as the same host.
    OriginPolicy(const QStringList &allowed, const QString &publicUrl,
                 const QStringList &allowedHosts, const QString &listenHost);

    /// `authority`: what the client used ("host:port"). No Origin (not a browser) is allowed.
    bool allowsOrigin(const QByteArray &origin, const QByteArray &authority, bool isSecure) const;
    /// On loopback only known names are answered, or any web page could reach this server through a
    /// name of its own that resolves to 127.0.0.1 (DNS rebinding).
    bool allowsHost(const QByteArray &authority) const;

private:
    struct Place
    {
        QByteArray host; // lower case
        int port = -1;
    };
    static Place placeOf(const QByteArray &authority, int defaultPort);

    QList<QByteArray> m_allowed;
    QList<QByteArray> m_hosts;
    QByteArray m_publicOrigin;
    bool m_allowsAny = false;
    bool m_checksHost = false;
};

} // namespace Rollcall

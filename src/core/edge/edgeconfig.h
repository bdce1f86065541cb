// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QString>
#include <QStringList>

#include <chrono>

namespace Rollcall {

class Configuration;

/// What one request may cost: the `http` section.
struct HttpLimits
{
    qint64 maxHeadBytes = 16 << 10; ///< request line and headers: 431
    qint64 maxTargetBytes = 8 << 10; ///< the request line's target: 414
    qint64 maxHeaders = 100; ///< 431
    qint64 maxBodyBytes = 1 << 20; ///< 413
    std::chrono::milliseconds headDeadline{10'000}; ///< 408
    std::chrono::milliseconds bodyDeadline{30'000}; ///< 408
    std::chrono::milliseconds idleTimeout{60'000}; ///< between requests: closed without a word
    std::chrono::milliseconds handlerDeadline{10'000}; ///< 504
};

/// The `edge` section and the edge's part of the `http` section.
struct ROLLCALL_CORE_EXPORT EdgeConfig
{
    QString host = QStringLiteral("127.0.0.1");
    quint16 port = 8080; ///< 0: the system chooses
    int backlog = 4096;
    QString publicUrl; ///< empty: made from what the client used
    QStringList trustedProxies; ///< addresses or networks ("10.0.0.0/8")
    QStringList allowedOrigins; ///< empty: the same host; "*": any
    QStringList allowedHosts; ///< Host names accepted on loopback besides its own

    qint64 maxConnections = 20'000;
    qint64 maxConnectionsPerAddress = 2'000; ///< IPv6: per /64. 0: no limit
    qint64 acceptsPerSecond = 5'000; ///< more wait in the backlog. 0: no limit
    qint64 maxBufferedBytes = 64 << 20; ///< over all connections
    std::chrono::milliseconds lingerDeadline{5'000}; ///< for the peer to finish its side

    QString tlsCertificate; ///< PEM file with the chain; empty: no TLS
    QString tlsKey; ///< PEM file
    std::chrono::milliseconds tlsHandshakeDeadline{10'000};

    HttpLimits http;

    static EdgeConfig read(Configuration &configuration);
};

} // namespace Rollcall

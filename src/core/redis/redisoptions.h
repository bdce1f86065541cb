// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <chrono>

namespace Rollcall {

/// Where Redis is and how to talk to it. Defaults are those of the `redis` section.
struct ROLLCALL_CORE_EXPORT RedisOptions
{
    enum class Socket { Tcp, Tls, Unix };

    Socket socket = Socket::Tcp;
    QString host = QStringLiteral("127.0.0.1"); ///< or the path of the unix socket
    quint16 port = 6379;
    QByteArray username;
    QByteArray password;
    int database = 0;
    QByteArray clientName; ///< CLIENT SETNAME

    std::chrono::milliseconds connectDeadline{2000};
    std::chrono::milliseconds commandDeadline{5000};
    std::chrono::milliseconds pingInterval{500};
    std::chrono::milliseconds pingDeadline{1000};
    std::chrono::milliseconds backoffMin{50};
    std::chrono::milliseconds backoffMax{2000}; ///< at most 500 ms on loopback and unix sockets
    std::chrono::milliseconds refusedBackoff{
        10000}; ///< after a wrong password or a missing permission
    qint64 maxReplyBytes = 64 << 20; ///< one reply, all its elements
    qint64 maxReplyElements = 1 << 20;
    qint64 maxCommandsInFlight = 1 << 17; ///< more fail at once
    qint64 maxBufferedBytes = 64 << 20; ///< written but not taken by the system; more fail at once

    QString tlsAuthorities; ///< PEM file beside the system's authorities (rediss only)

    /// redis://[user:password@]host[:port][/db], rediss://..., unix:///path[?db=n]. Error:
    /// Configuration, with the reason (a unix path of more than 107 bytes among them).
    static Result<RedisOptions> fromUrl(const QString &url);
    /// Error: longer than the 107 bytes of a unix socket's address.
    static Result<void> checkUnixPath(const QString &path);
    /// Without the password, for logs.
    QString displayName() const;
    bool isLocal() const;
};

} // namespace Rollcall

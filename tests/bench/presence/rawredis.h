// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <initializer_list>

namespace Rollcall::Bench {

/// A blocking connection to a redis-server's unix socket, with nothing between it and the socket.
class RawRedis
{
public:
    explicit RawRedis(const QString &socketPath);
    ~RawRedis();
    Q_DISABLE_COPY_MOVE(RawRedis)

    static QByteArray encode(std::initializer_list<QByteArrayView> arguments);
    /// Writes all of it, then waits for so many replies of one line each.
    void run(QByteArrayView commands, int replies);

private:
    int m_descriptor = -1;
};

} // namespace Rollcall::Bench

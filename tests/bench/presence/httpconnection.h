// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QtGlobal>

namespace Rollcall::Bench {

/// A blocking keep-alive connection to a host on 127.0.0.1, for one question at a time.
class HttpConnection
{
public:
    explicit HttpConnection(quint16 port);
    ~HttpConnection();
    Q_DISABLE_COPY_MOVE(HttpConnection)

    /// Returns when the whole answer is there; aborts unless it is 200.
    void get(const QByteArray &target);

private:
    int m_descriptor = -1;
    QByteArray m_host;
};

} // namespace Rollcall::Bench

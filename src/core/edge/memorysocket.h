// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QTcpSocket>

#include <utility>

namespace Rollcall {

/// A connected QTcpSocket without a socket: what Qt's servers read was fed, what they write is
/// taken.
///
/// Built on QTcpSocket's protected interface only, as QSslSocket is. Its bytes stay in memory until
/// taken.
class MemorySocket : public QTcpSocket
{
public:
    explicit MemorySocket(QObject *parent = nullptr);

    /// Makes the bytes readable and emits readyRead().
    void feed(const QByteArray &bytes);
    QByteArray takeWritten() { return std::exchange(m_written, {}); }
    /// The server has closed it, or wanted to.
    bool isFinished() const { return m_isFinished; }

    qint64 bytesAvailable() const override
    {
        return m_readable.size() + QIODevice::bytesAvailable();
    }
    qint64 bytesToWrite() const override { return 0; }
    bool canReadLine() const override
    {
        return m_readable.contains('\n') || QIODevice::canReadLine();
    }
    bool isSequential() const override { return true; }
    void disconnectFromHost() override { m_isFinished = true; }
    void close() override { m_isFinished = true; }

protected:
    qint64 readData(char *data, qint64 maxSize) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    QByteArray m_readable;
    QByteArray m_written;
    bool m_isFinished = false;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QAbstractSocket;
class QIODevice;
class QLocalSocket;
class QSslSocket;

namespace Rollcall {

struct RedisOptions;

/// One attempt to reach Redis over TCP, TLS or a unix socket: the three Qt classes behind one face.
///
/// connected() may come from inside open(). After failed() the socket is of no use.
class RedisSocket : public QObject
{
    Q_OBJECT
public:
    explicit RedisSocket(QObject *parent = nullptr);
    ~RedisSocket() override;

    void open(const RedisOptions &options);
    /// Takes all of it; what the system does not take now goes out from the event loop.
    void write(const QByteArray &bytes);
    qint64 read(char *bytes, qint64 size);
    qint64 bytesToWrite() const;

Q_SIGNALS:
    void connected();
    void readyRead();
    void failed(const QString &reason);

private:
    void openLocal(const RedisOptions &options);
    void openTcp(const RedisOptions &options);
    void openTls(const RedisOptions &options);
    void watch(QAbstractSocket *socket);

    QIODevice *m_device = nullptr;
    QAbstractSocket *m_abstract = nullptr; // one of the two, is m_device
    QLocalSocket *m_local = nullptr;
};

} // namespace Rollcall

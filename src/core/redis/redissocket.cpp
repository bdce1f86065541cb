// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redissocket_p.h"

#include "core/redis/redisoptions.h"

#include <QLocalSocket>
#include <QNetworkProxy>
#include <QSslConfiguration>
#include <QSslSocket>

namespace Rollcall {

namespace {

/// Beyond this the kernel keeps what Redis sends, and Redis waits.
constexpr qint64 kReadBuffer = 1 << 20;

} // namespace

RedisSocket::RedisSocket(QObject *parent)
    : QObject(parent)
{ }

RedisSocket::~RedisSocket()
{
    // Closing emits; nobody may hear a socket that is going away.
    if (m_device)
        m_device->disconnect(this);
}

void RedisSocket::open(const RedisOptions &options)
{
    switch (options.socket) {
    case RedisOptions::Socket::Unix:
        openLocal(options);
        break;
    case RedisOptions::Socket::Tcp:
        openTcp(options);
        break;
    case RedisOptions::Socket::Tls:
        openTls(options);
        break;
    }
}

void RedisSocket::openLocal(const RedisOptions &options)
{
    m_local = new QLocalSocket(this);
    m_device = m_local;
    m_local->setReadBufferSize(kReadBuffer);
    connect(m_local, &QLocalSocket::connected, this, &RedisSocket::connected);
    connect(m_local, &QLocalSocket::readyRead, this, &RedisSocket::readyRead);
    connect(m_local, &QLocalSocket::disconnected, this,
            [this] { Q_EMIT failed(QStringLiteral("closed by the server")); });
    connect(m_local, &QLocalSocket::errorOccurred, this,
            [this](QLocalSocket::LocalSocketError error) {
                switch (error) {
                case QLocalSocket::ServerNotFoundError:
                    Q_EMIT failed(QStringLiteral("no such socket"));
                    break;
                case QLocalSocket::ConnectionRefusedError:
                    Q_EMIT failed(QStringLiteral("connection refused"));
                    break;
                case QLocalSocket::PeerClosedError:
                    Q_EMIT failed(QStringLiteral("closed by the server"));
                    break;
                default:
                    Q_EMIT failed(m_local->errorString());
                }
            });
    m_local->connectToServer(options.host);
}

void RedisSocket::openTcp(const RedisOptions &options)
{
    auto *socket = new QTcpSocket(this);
    watch(socket);
    connect(socket, &QAbstractSocket::connected, this, &RedisSocket::connected);
    socket->connectToHost(options.host, options.port);
}

void RedisSocket::openTls(const RedisOptions &options)
{
    auto *socket = new QSslSocket(this);
    watch(socket);
    if (!options.tlsAuthorities.isEmpty()) {
        QSslConfiguration configuration = socket->sslConfiguration();
        if (!configuration.addCaCertificates(options.tlsAuthorities)) {
            Q_EMIT failed(QStringLiteral("no certificates in %1").arg(options.tlsAuthorities));
            return;
        }
        socket->setSslConfiguration(configuration);
    }
    connect(socket, &QSslSocket::encrypted, this, &RedisSocket::connected);
    socket->connectToHostEncrypted(options.host, options.port);
}

void RedisSocket::watch(QAbstractSocket *socket)
{
    m_abstract = socket;
    m_device = socket;
    socket->setProxy(QNetworkProxy::NoProxy);
    socket->setReadBufferSize(kReadBuffer);
    connect(socket, &QAbstractSocket::connected, this, [socket] {
        socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        socket->setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    });
    connect(socket, &QAbstractSocket::readyRead, this, &RedisSocket::readyRead);
    connect(socket, &QAbstractSocket::disconnected, this,
            [this] { Q_EMIT failed(QStringLiteral("closed by the server")); });
    connect(socket, &QAbstractSocket::errorOccurred, this,
            [this](QAbstractSocket::SocketError error) {
                Q_EMIT failed(error == QAbstractSocket::RemoteHostClosedError
                                  ? QStringLiteral("closed by the server")
                                  : m_abstract->errorString());
            });
}

void RedisSocket::write(const QByteArray &bytes)
{
    m_device->write(bytes);
    // Without it Qt waits for the write notifier: one more turn of the loop for every request.
    if (m_local)
        m_local->flush();
    else
        m_abstract->flush();
}

qint64 RedisSocket::read(char *bytes, qint64 size)
{
    return m_device && m_device->isOpen() ? m_device->read(bytes, size) : 0;
}

qint64 RedisSocket::bytesToWrite() const { return m_device ? m_device->bytesToWrite() : 0; }

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "fakeredis.h"

#include <QLocalSocket>

#include <algorithm>

namespace Rollcall {

namespace {

/// One command off the front of the bytes; empty: not complete yet.
QByteArrayList takeCommand(QByteArray &bytes)
{
    qsizetype at = 0;
    const auto number = [&](char type) -> qsizetype {
        const qsizetype end = bytes.indexOf("\r\n", at);
        if (end < 0 || bytes[at] != type)
            return -1;
        const qsizetype value = bytes.mid(at + 1, end - at - 1).toLongLong();
        at = end + 2;
        return value;
    };
    QByteArrayList command;
    for (qsizetype left = number('*'); left > 0; --left) {
        const qsizetype size = number('$');
        if (size < 0 || bytes.size() < at + size + 2)
            return {};
        command.append(bytes.mid(at, size));
        at += size + 2;
    }
    bytes.remove(0, at);
    return command;
}

} // namespace

FakeRedis::FakeRedis(Script script)
    : m_directory(QStringLiteral("/tmp/rollcall-fake-XXXXXX"))
    , m_script(std::move(script))
{
    connect(&m_server, &QLocalServer::newConnection, this, &FakeRedis::handleConnection);
    if (!m_server.listen(m_directory.filePath(QStringLiteral("redis.sock"))))
        qFatal("cannot listen: %s", qPrintable(m_server.errorString()));
}

FakeRedis::~FakeRedis()
{
    for (const auto &[socket, received] : m_received)
        socket->disconnect(this);
}

RedisOptions FakeRedis::options() const
{
    RedisOptions options;
    options.socket = RedisOptions::Socket::Unix;
    options.host = m_server.fullServerName();
    return options;
}

void FakeRedis::handleConnection()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        ++m_accepted;
        m_received[socket];
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] { handleBytes(socket); });
        connect(socket, &QLocalSocket::disconnected, this, [this, socket] {
            m_received.erase(socket);
            m_subscribers.erase(socket);
            socket->deleteLater();
        });
    }
}

void FakeRedis::handleBytes(QLocalSocket *socket)
{
    m_received[socket] += socket->readAll();
    for (;;) {
        const auto bytes = m_received.find(socket);
        if (bytes == m_received.end())
            return;
        const QByteArrayList command = takeCommand(bytes->second);
        if (command.isEmpty())
            return;
        m_commands.append(command);
        if (command.first() == "SUBSCRIBE")
            m_subscribers.insert(socket);
        if (!m_isSilent)
            socket->write(answer(command));
    }
}

QByteArray FakeRedis::answer(const QByteArrayList &command) const
{
    if (m_script) {
        if (const auto scripted = m_script(command))
            return *scripted;
    }
    const QByteArray name = command.first();
    if (name == "PING")
        return "+PONG\r\n";
    if (name == "GET")
        return "$-1\r\n";
    if (name == "SUBSCRIBE" || name == "UNSUBSCRIBE") {
        QByteArray answer;
        for (const QByteArray &channel : command.mid(1))
            answer += "*3\r\n" + array({name.toLower(), channel}).mid(4) + ":1\r\n";
        return answer;
    }
    return "+OK\r\n";
}

QByteArray FakeRedis::array(const QByteArrayList &elements)
{
    QByteArray bytes = '*' + QByteArray::number(elements.size()) + "\r\n";
    for (const QByteArray &element : elements)
        bytes += '$' + QByteArray::number(element.size()) + "\r\n" + element + "\r\n";
    return bytes;
}

void FakeRedis::say(const QByteArray &bytes)
{
    for (const auto &[socket, received] : m_received) {
        socket->write(bytes);
        socket->flush();
    }
}

void FakeRedis::sayToSubscribers(const QByteArray &bytes)
{
    for (QLocalSocket *socket : m_subscribers)
        socket->write(bytes);
}

void FakeRedis::closeConnections()
{
    const auto connections = m_received;
    for (const auto &[socket, received] : connections)
        socket->abort();
}

int FakeRedis::count(const QByteArray &command) const
{
    return int(
        std::count_if(m_commands.begin(), m_commands.end(),
                      [&](const QByteArrayList &given) { return given.first() == command; }));
}

} // namespace Rollcall

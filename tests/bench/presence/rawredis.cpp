// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/rawredis.h"

#include <QString>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace Rollcall::Bench {

RawRedis::RawRedis(const QString &socketPath)
    : m_descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray path = socketPath.toLocal8Bit();
    std::memcpy(address.sun_path, path.constData(),
                std::min(size_t(path.size()), sizeof address.sun_path - 1));
    if (m_descriptor < 0
        || connect(m_descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        qFatal("cannot connect to %s: %s", path.constData(), std::strerror(errno));
}

RawRedis::~RawRedis() { close(m_descriptor); }

QByteArray RawRedis::encode(std::initializer_list<QByteArrayView> arguments)
{
    QByteArray command = '*' + QByteArray::number(qsizetype(arguments.size())) + "\r\n";
    for (const QByteArrayView argument : arguments)
        command +=
            '$' + QByteArray::number(argument.size()) + "\r\n" + argument.toByteArray() + "\r\n";
    return command;
}

void RawRedis::run(QByteArrayView commands, int replies)
{
    char buffer[65536];
    while (replies > 0) {
        pollfd ready{m_descriptor, short(POLLIN | (commands.isEmpty() ? 0 : POLLOUT)), 0};
        if (poll(&ready, 1, 30'000) <= 0)
            qFatal("redis-server does not answer");
        if (ready.revents & POLLOUT) {
            const ssize_t count = send(m_descriptor, commands.data(), size_t(commands.size()),
                                       MSG_NOSIGNAL | MSG_DONTWAIT);
            if (count < 0 && errno != EAGAIN)
                qFatal("redis-server is gone: %s", std::strerror(errno));
            commands = commands.sliced(std::max<ssize_t>(count, 0));
        }
        if (ready.revents & (POLLIN | POLLHUP)) {
            const ssize_t count = recv(m_descriptor, buffer, sizeof buffer, 0);
            if (count <= 0)
                qFatal("redis-server is gone");
            if (std::memchr(buffer, '-', size_t(count)))
                qFatal("redis-server refused: %.*s", int(count), buffer);
            replies -= int(std::count(buffer, buffer + count, '\n'));
        }
    }
}

} // namespace Rollcall::Bench

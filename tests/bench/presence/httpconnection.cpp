// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/httpconnection.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Rollcall::Bench {

HttpConnection::HttpConnection(quint16 port)
    : m_descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    , m_host("127.0.0.1:" + QByteArray::number(port))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(m_descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        qFatal("cannot connect to the host: %s", std::strerror(errno));
    const int on = 1;
    setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval patience{30, 0};
    setsockopt(m_descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

HttpConnection::~HttpConnection() { close(m_descriptor); }

void HttpConnection::get(const QByteArray &target)
{
    const QByteArray request = "GET " + target + " HTTP/1.1\r\nHost: " + m_host + "\r\n\r\n";
    if (send(m_descriptor, request.constData(), size_t(request.size()), MSG_NOSIGNAL)
        != request.size())
        qFatal("the host does not read");
    QByteArray answer;
    char buffer[65536];
    qsizetype whole = -1;
    while (whole < 0 || answer.size() < whole) {
        const ssize_t count = recv(m_descriptor, buffer, sizeof buffer, 0);
        if (count <= 0)
            qFatal("the host does not answer");
        answer.append(buffer, count);
        const qsizetype end = answer.indexOf("\r\n\r\n");
        if (whole >= 0 || end < 0)
            continue;
        const QByteArray head = answer.left(end).toLower();
        const qsizetype length = head.indexOf("content-length: ");
        if (!head.startsWith("http/1.1 200") || length < 0)
            qFatal("GET %s was answered: %s", target.constData(), head.left(100).constData());
        const qsizetype lineEnd = head.indexOf('\r', length);
        whole =
            end + 4 + head.mid(length + 16, lineEnd < 0 ? -1 : lineEnd - length - 16).toLongLong();
    }
}

} // namespace Rollcall::Bench

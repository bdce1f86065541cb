// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/memorysocket.h"

#include <QHostAddress>

#include <algorithm>
#include <cstring>

namespace Rollcall {

MemorySocket::MemorySocket(QObject *parent)
    : QTcpSocket(parent)
{
    setPeerAddress(QHostAddress(QHostAddress::LocalHost));
    setLocalAddress(QHostAddress(QHostAddress::LocalHost));
    setSocketState(ConnectedState);
    QIODevice::open(QIODevice::ReadWrite | QIODevice::Unbuffered);
}

void MemorySocket::feed(const QByteArray &bytes)
{
    m_readable += bytes;
    Q_EMIT readyRead();
}

qint64 MemorySocket::readData(char *data, qint64 maxSize)
{
    const qint64 count = std::min<qint64>(maxSize, m_readable.size());
    if (count <= 0) // Qt asks with a null pointer then
        return 0;
    std::memcpy(data, m_readable.constData(), size_t(count));
    m_readable.remove(0, count);
    return count;
}

qint64 MemorySocket::writeData(const char *data, qint64 size)
{
    m_written.append(data, size);
    return size;
}

} // namespace Rollcall

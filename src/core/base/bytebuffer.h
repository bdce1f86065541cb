// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <utility>

namespace Rollcall {

/// Bytes that are written one after another, many small pieces in a row: QByteArray checks and
/// accounts for each of these anew, at several times the cost.
class ByteBuffer
{
public:
    /// Where so many bytes can be written; endAt() says how many were.
    char *extend(qsizetype most)
    {
        if (m_bytes.size() < m_size + most)
            m_bytes.resize(std::max(2 * m_bytes.size(), m_size + most));
        return m_bytes.data() + m_size;
    }
    void endAt(const char *end) { m_size = end - m_bytes.constData(); }
    void append(QByteArrayView bytes) { endAt(write(extend(bytes.size()), bytes)); }
    void append(std::initializer_list<QByteArrayView> parts)
    {
        endAt(write(extend(sizeOf(parts)), parts));
    }

    void reserve(qsizetype bytes)
    {
        if (m_bytes.size() < bytes)
            m_bytes.resize(bytes);
    }
    /// Keeps the memory.
    void clear() { m_size = 0; }
    qsizetype size() const { return m_size; }
    /// Of what is written; valid until the next change.
    char *data() { return m_bytes.data(); }
    QByteArrayView view() const { return QByteArrayView(m_bytes.constData(), m_size); }
    /// The buffer is empty after it.
    QByteArray take()
    {
        m_bytes.truncate(std::exchange(m_size, 0));
        return std::exchange(m_bytes, {});
    }

    /// At `to`; returns the end.
    static char *write(char *to, QByteArrayView bytes)
    {
        if (!bytes.isEmpty())
            std::memcpy(to, bytes.data(), size_t(bytes.size()));
        return to + bytes.size();
    }
    static char *write(char *to, std::initializer_list<QByteArrayView> parts)
    {
        for (const QByteArrayView part : parts)
            to = write(to, part);
        return to;
    }
    static qsizetype sizeOf(std::initializer_list<QByteArrayView> parts)
    {
        qsizetype size = 0;
        for (const QByteArrayView part : parts)
            size += part.size();
        return size;
    }

private:
    QByteArray m_bytes; // as large as there is room
    qsizetype m_size = 0;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/realtime/recipient.h"
#include "support/fakeclient.h"

#include <algorithm>
#include <limits>

namespace Rollcall::Realtime {

/// A recipient with an out-buffer and a network that takes so many bytes and then makes it wait.
struct NetworkRecipient final : Recipient
{
    NetworkRecipient(quint64 number, DialectCodec &dialectCodec)
        : m_id(number)
        , m_codec(dialectCodec)
    { }

    static constexpr size_t kEndless = std::numeric_limits<size_t>::max();

    size_t room = kEndless; ///< what the network still takes
    QByteArray out;
    QByteArray received;
    int sends = 0; ///< that the network was given something

    ConnectionId id() const override { return ConnectionId(m_id); }
    DialectCodec &codec() const override { return m_codec; }
    size_t bytesPending() const override { return size_t(out.size()); }
    bool isWaiting() const override { return m_isWaiting; }
    void flush() override
    {
        if (m_isWaiting || out.isEmpty())
            return;
        ++sends;
        const size_t taken = std::min(room, size_t(out.size()));
        received += out.first(qsizetype(taken));
        out.remove(0, qsizetype(taken));
        room -= room == kEndless ? 0 : taken;
        m_isWaiting = !out.isEmpty();
    }
    /// The network takes everything again.
    void drain()
    {
        room = kEndless;
        m_isWaiting = false;
        flush();
    }
    /// Everything written to it, whether the network has it or not.
    QByteArray written() const { return received + out; }
    /// Events that the network has taken since the last call.
    QList<QJsonObject> take()
    {
        QList<QJsonObject> events;
        for (const ServerFrame &frame : takeServerFrames(received))
            events += QJsonDocument::fromJson(frame.payload).object();
        return events;
    }
    /// What tells them apart, in order: the text of a chat, the x of a movement, else the type.
    QStringList takeMarks()
    {
        QStringList marks;
        for (const QJsonObject &event : take()) {
            const QJsonObject payload = event["payload"].toObject();
            marks += payload.contains("text") ? payload["text"].toString()
                : payload.contains("x")       ? QString::number(payload["x"].toDouble())
                                              : event["t"].toString();
        }
        return marks;
    }

private:
    void append(std::span<const char> bytes) override
    {
        out.append(bytes.data(), qsizetype(bytes.size()));
    }
    void sendNow(Pieces pieces) override
    {
        for (const std::span<const char> piece : pieces)
            append(piece);
        flush();
    }

    quint64 m_id;
    DialectCodec &m_codec;
    bool m_isWaiting = false;
};

} // namespace Rollcall::Realtime

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/endofturn.h"
#include "support/faketransport.h"

#include <QByteArray>
#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <vector>

namespace Rollcall {

/// What rooms were told in this loop turn goes out.
inline void endTurn() { QCoreApplication::sendPostedEvents(nullptr, EndOfTurn::kEvent); }

/// A frame as a client makes it, masked with a fixed key. `lengthBytes` and `isMasked` make wrong
/// ones.
struct ClientFrame
{
    quint8 first = 0x81; ///< FIN, RSV, opcode
    QByteArray payload = {};
    int lengthBytes = -1; ///< 0, 2 or 8; -1: the shortest
    bool isMasked = true;

    QByteArray bytes() const
    {
        const int extra = lengthBytes >= 0 ? lengthBytes
            : payload.size() > 0xffff      ? 8
            : payload.size() > 125         ? 2
                                           : 0;
        QByteArray frame(1, char(first));
        const int shortLength = extra == 8 ? 127 : extra == 2 ? 126 : int(payload.size());
        frame += char((isMasked ? 0x80 : 0) | shortLength);
        for (int shift = 8 * (extra - 1); shift >= 0; shift -= 8)
            frame += char(quint64(payload.size()) >> shift);
        if (!isMasked)
            return frame + payload;
        const QByteArray key("\x9d\x3a\x51\xc7", 4);
        frame += key;
        for (qsizetype i = 0; i < payload.size(); ++i)
            frame += char(payload[i] ^ key[i % 4]);
        return frame;
    }
};

/// A frame that the server has sent.
struct ServerFrame
{
    quint8 opcode = 0;
    QByteArray payload;

    quint16 closeCode() const
    {
        return opcode == 0x8 && payload.size() >= 2
            ? quint16(quint8(payload[0]) << 8 | quint8(payload[1]))
            : 0;
    }
};

/// Takes whole frames off the front of what was received.
inline std::vector<ServerFrame> takeServerFrames(QByteArray &bytes)
{
    std::vector<ServerFrame> frames;
    while (bytes.size() >= 2) {
        qsizetype header = 2;
        quint64 size = quint8(bytes[1]) & 0x7f;
        const int extra = size == 126 ? 2 : size == 127 ? 8 : 0;
        if (bytes.size() < header + extra)
            break;
        if (extra > 0)
            size = 0;
        for (int i = 0; i < extra; ++i)
            size = size << 8 | quint8(bytes[header++]);
        if (quint64(bytes.size()) < quint64(header) + size)
            break;
        frames.push_back({quint8(bytes[0] & 0x0f), bytes.mid(header, qsizetype(size))});
        bytes.remove(0, header + qsizetype(size));
    }
    return frames;
}

/// A client of the `rooms` dialect on a FakeTransport: what it says and what it was told.
class FakeClient
{
public:
    FakePeer peer;

    void sendText(const QByteArray &text) { peer.send(ClientFrame{0x81, text}.bytes()); }
    void send(const char *type, const QJsonObject &payload)
    {
        sendText(QJsonDocument(QJsonObject{{"v", 1}, {"t", type}, {"ts", 1}, {"payload", payload}})
                     .toJson(QJsonDocument::Compact));
    }
    void join(const char *room, const char *user, QJsonObject more = {})
    {
        more["roomId"] = room;
        if (user)
            more["user"] =
                QJsonObject{{"userId", user}, {"displayName", user}, {"avatarId", "fox"}};
        send("join_room", more);
    }
    void move(const char *room, int seq, double x)
    {
        send("avatar_transform",
             {{"roomId", room},
              {"seq", seq},
              {"x", x},
              {"y", 0},
              {"z", 0},
              {"rotY", 0},
              {"anim", "walk"},
              {"speaking", false}});
    }
    void chat(const char *room, const char *text)
    {
        send("local_chat", {{"roomId", room}, {"text", text}});
    }
    void close(quint16 code)
    {
        QByteArray payload;
        payload += char(code >> 8);
        payload += char(code & 0xff);
        peer.send(ClientFrame{0x88, payload}.bytes());
    }

    /// Frames since the last call.
    std::vector<ServerFrame> takeFrames()
    {
        endTurn();
        m_bytes += peer.takeReceived();
        return takeServerFrames(m_bytes);
    }
    /// Events since the last call; other frames are looked at, too: pings, and the code of a Close.
    QList<QJsonObject> takeEvents()
    {
        QList<QJsonObject> events;
        for (const ServerFrame &frame : takeFrames()) {
            if (frame.opcode == 0x1)
                events.append(QJsonDocument::fromJson(frame.payload).object());
            pings += frame.opcode == 0x9;
            if (frame.opcode == 0x8)
                closeCode = frame.closeCode();
        }
        return events;
    }
    /// Their types, in order.
    QStringList takeTypes()
    {
        QStringList types;
        for (const QJsonObject &event : takeEvents())
            types.append(event["t"].toString());
        return types;
    }
    /// The payload of the only event; an empty object and a message if it is not the only one or of
    /// another type.
    QJsonObject takeOne(const char *type)
    {
        const QList<QJsonObject> events = takeEvents();
        if (events.size() == 1 && events[0]["t"] == QLatin1String(type))
            return events[0]["payload"].toObject();
        for (const QJsonObject &event : events)
            qInfo("instead of %s: %s", type,
                  QJsonDocument(event).toJson(QJsonDocument::Compact).constData());
        return {};
    }

    int pings = 0;
    int closeCode = 0;

private:
    QByteArray m_bytes;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/websockethandshake.h"

#include "core/edge/httpsyntax.h"
#include "core/edge/memorysocket.h"

#include <QCoreApplication>
#include <QEvent>
#include <QPointer>
#include <QWebSocket>
#include <QWebSocketServer>

#include <algorithm>

namespace Rollcall {

namespace {

// Of Qt's 101 only the answer to the key is ours to say; it brings others (Server, Date,
// Access-Control-*) that are not.
QByteArray editHead(const QByteArray &head, const UpgradeDecision &decision, bool isOffered)
{
    constexpr QByteArrayView kAccept = "\r\nSec-WebSocket-Accept: ";
    const qsizetype begin = head.indexOf(kAccept);
    if (begin < 0)
        return {};
    const qsizetype end = head.indexOf('\r', begin + kAccept.size());
    QByteArray edited;
    edited.reserve(256);
    edited += "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade";
    edited += QByteArrayView(head).sliced(begin, end - begin);
    edited += "\r\n";
    if (isOffered) // a client must fail the connection otherwise (RFC 6455 4.1)
        edited += "Sec-WebSocket-Protocol: " + decision.subprotocol + "\r\n";
    for (const auto &[name, value] : decision.headers) {
        const bool isSafe = Http::isToken({name.constData(), size_t(name.size())})
            && std::all_of(value.begin(), value.end(), Http::isFieldCharacter);
        if (isSafe)
            edited += name + ": " + value + "\r\n";
    }
    return edited + "\r\n";
}

} // namespace

WebSocketHandshake::WebSocketHandshake()
    : m_server(std::make_unique<QWebSocketServer>(QStringLiteral("rollcall"),
                                                  QWebSocketServer::NonSecureMode))
{ }

WebSocketHandshake::~WebSocketHandshake() = default;

HeadError WebSocketHandshake::check(const RequestHead &head)
{
    if (head.method != "GET")
        return {405, "a handshake is a GET"};
    if (head.count("sec-websocket-version") != 1 || head.header("sec-websocket-version") != "13")
        return {426, "WebSocket version 13 is spoken here"};
    const QByteArray key = head.header("sec-websocket-key");
    const auto decoded =
        QByteArray::fromBase64Encoding(key, QByteArray::AbortOnBase64DecodingErrors);
    if (head.count("sec-websocket-key") != 1 || !decoded || decoded.decoded.size() != 16)
        return {400, "malformed Sec-WebSocket-Key"};
    return {};
}

QList<QByteArray> WebSocketHandshake::subprotocols(const RequestHead &head)
{
    QList<QByteArray> offered;
    for (const auto &[name, value] : head.headers) {
        if (!Http::equals(name, "sec-websocket-protocol"))
            continue;
        for (const QByteArray &item : value.split(',')) {
            if (!item.trimmed().isEmpty())
                offered.append(item.trimmed());
        }
    }
    return offered;
}

Result<QByteArray> WebSocketHandshake::accept(const RequestHead &head,
                                              const UpgradeDecision &decision)
{
    // A context of its own: Qt's server never sees what a client may have put into path or headers.
    QPointer<MemorySocket> socket = new MemorySocket;
    m_server->handleConnection(socket);
    socket->feed("GET / HTTP/1.1\r\nHost: rollcall\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                 + head.header("sec-websocket-key") + "\r\n\r\n");
    // Qt reads through a queued connection; this delivers it now, and nothing else.
    QCoreApplication::sendPostedEvents(m_server.get(), QEvent::MetaCall);
    const QByteArray answer = socket->takeWritten();
    delete m_server
        ->nextPendingConnection(); // writes a Close frame into the socket, which goes with it
    delete socket.data();
    const QByteArray edited = answer.startsWith("HTTP/1.1 101 ")
        ? editHead(answer, decision, subprotocols(head).contains(decision.subprotocol))
        : QByteArray();
    if (edited.isEmpty())
        return Error{ErrorCode::BadRequest, QStringLiteral("the handshake was not accepted"), {}};
    return edited;
}

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/manualclock.h"
#include "core/base/metrics.h"
#include "core/edge/edge.h"
#include "core/services/httpservice.h"
#include "core/services/tokenservice.h"
#include "core/services/upgradeservice.h"

#include <QElapsedTimer>
#include <QTcpSocket>
#include <QTest>

#include <sys/socket.h>

#include <memory>
#include <vector>

namespace Rollcall {

/// Knows the tokens "alice", "room" (bound to a room), "expired", and the operators' "ops".
class FixedTokens final : public TokenService
{
public:
    bool authRequired = false;

    bool isAuthRequired() const override { return authRequired; }
    bool isReady() const override { return true; }
    Result<TokenClaims> verify(const QByteArray &token) const override
    {
        TokenClaims claims;
        claims.subject = UserId("alice");
        if (token == "room")
            claims.room = RoomId("r1");
        else if (token == "expired")
            return Error{ErrorCode::TokenExpired, {}, {}};
        else if (token != "alice")
            return Error{ErrorCode::InvalidToken, {}, {}};
        return claims;
    }
    Result<QByteArray> issue(const TokenClaims &, std::chrono::milliseconds) const override
    {
        return Error{ErrorCode::Unavailable, {}, {}};
    }
    bool isOperatorCredential(const QByteArray &credential) const override
    {
        return credential == "ops";
    }
};

/// A client on a real socket that says what it is told, byte for byte.
class RawClient
{
public:
    explicit RawClient(quint16 port, const QString &from = {})
    {
        if (!from.isEmpty())
            socket.bind(QHostAddress(from));
        socket.connectToHost(QHostAddress::LocalHost, port);
        socket.waitForConnected(5000);
    }

    void send(const QByteArray &bytes)
    {
        socket.write(bytes);
        socket.flush();
    }
    /// Everything up to the end of one answer (by its Content-Length), which is removed from what
    /// has arrived.
    QByteArray readAnswer(bool withoutBody = false)
    {
        qsizetype end = -1;
        waitFor([&] { return (end = endOfAnswer(withoutBody)) >= 0 || isOver(); });
        const QByteArray answer = end < 0 ? QByteArray() : m_arrived.left(end);
        m_arrived.remove(0, answer.size());
        return answer;
    }
    QByteArray ask(const QByteArray &request)
    {
        send(request);
        return readAnswer();
    }
    /// Waits until the server has closed; all that arrived.
    QByteArray readToEnd()
    {
        waitFor([&] { return isOver(); });
        collect();
        return std::exchange(m_arrived, {});
    }
    QByteArray arrived()
    {
        collect();
        return m_arrived;
    }
    bool isOver() const { return socket.state() == QAbstractSocket::UnconnectedState; }

    QTcpSocket socket;

private:
    void collect() { m_arrived += socket.readAll(); }
    template <typename Condition>
    void waitFor(Condition isDone)
    {
        QElapsedTimer timer;
        timer.start();
        for (collect(); !isDone() && timer.elapsed() < 5000; collect())
            QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    }
    qsizetype endOfAnswer(bool withoutBody)
    {
        const qsizetype head = m_arrived.indexOf("\r\n\r\n");
        if (head < 0)
            return -1;
        const qsizetype length = m_arrived.left(head).indexOf("Content-Length: ");
        const qsizetype size = length < 0 || withoutBody
            ? 0
            : m_arrived.mid(length + 16, m_arrived.indexOf('\r', length) - length - 16)
                  .toLongLong();
        return m_arrived.size() >= head + 4 + size ? head + 4 + size : -1;
    }

    QByteArray m_arrived;
};

/// An edge on a port of the system's choice, with a few routes.
class EdgeFixture
{
public:
    explicit EdgeFixture(EdgeConfig config = {})
    {
        config.port = 0;
        edge = std::make_unique<Edge>(config, clock, metrics, tokens);
        const Result<void> listening = edge->listen();
        if (!listening)
            qFatal("%s", qPrintable(listening.error().logText));
        edge->http()->route("GET", "/hello", HttpAccess::Public, &context,
                            [](const HttpRequest &, HttpResponder responder) {
                                HttpResponse response;
                                response.contentType = "text/plain";
                                response.body = "hello";
                                responder.send(response);
                            });
        edge->http()->route("POST", "/echo", HttpAccess::Public, &context,
                            [](const HttpRequest &request, HttpResponder responder) {
                                HttpResponse response;
                                response.body = request.body;
                                responder.send(response);
                            });
        edge->http()->route("GET", "/things/{id}", HttpAccess::Public, &context,
                            [](const HttpRequest &request, HttpResponder responder) {
                                HttpResponse response;
                                response.body = request.arguments.join('|');
                                responder.send(response);
                            });
        edge->http()->route("GET", "/later", HttpAccess::Public, &context,
                            [this](const HttpRequest &request, HttpResponder responder) {
                                requests.push_back(request);
                                kept.push_back(std::move(responder));
                            });
    }

    quint16 port() const { return edge->port(); }
    double value(const QByteArray &sample)
    {
        for (const QByteArray &line : metrics.render().split('\n')) {
            if (line.startsWith(sample + ' '))
                return line.mid(sample.size() + 1).toDouble();
        }
        return -1;
    }
    /// Lets the loop come to rest.
    static void settle()
    {
        for (int i = 0; i < 5; ++i)
            QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    }

    ManualClock clock;
    Metrics metrics;
    FixedTokens tokens;
    QObject context;
    std::vector<HttpRequest> requests; // of /later
    std::vector<HttpResponder> kept;
    std::unique_ptr<Edge> edge;
};

} // namespace Rollcall

// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/qthttpbridge.h"

#include "core/edge/edgelog.h"
#include "core/edge/memorysocket.h"

#include <QAbstractHttpServer>
#include <QHttpServerRequest>
#include <QHttpServerResponder>
#include <QTcpServer>

#include <optional>
#include <sys/socket.h>
#include <unistd.h>

namespace Rollcall {

namespace {

constexpr size_t kIdleChannels = 64;

// What Qt gets to see. Headers and body are the edge's business; Qt reads them byte by byte.
QByteArray canonicalRequest(const RequestHead &head)
{
    constexpr QByteArrayView kVersion = " HTTP/1.1\r\n\r\n";
    QByteArray request;
    request.reserve(head.method.size() + head.path.size() + head.queryText.size() + kVersion.size()
                    + 2);
    request += head.method;
    request += ' ';
    request += head.path;
    if (!head.queryText.isEmpty()) {
        request += '?';
        request += head.queryText;
    }
    request += kVersion;
    return request;
}

} // namespace

class QtHttpBridge::Channel final : public MemorySocket
{
public:
    std::optional<QHttpServerResponder> responder;
};

/// Qt binds listening servers only. This one listens on one end of a socket pair, where nobody can
/// knock.
class QtHttpBridge::Acceptor final : public QTcpServer
{
public:
    Acceptor()
    {
        int ends[2] = {-1, -1};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0
            || !setSocketDescriptor(ends[0]))
            qCWarning(lcEdge, "cannot give Qt's HTTP server a descriptor");
        m_otherEnd = ends[1];
    }
    ~Acceptor() override { ::close(m_otherEnd); }
    using QTcpServer::addPendingConnection;

private:
    int m_otherEnd = -1;
};

class QtHttpBridge::Server final : public QAbstractHttpServer
{
public:
    Channel *current = nullptr; // while begin() feeds it

protected:
#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
    bool handleRequest(const QHttpServerRequest &request, QTcpSocket *socket) override
    {
        if (current)
            current->responder.emplace(makeResponder(request, socket));
        return true;
    }
    void missingHandler(const QHttpServerRequest &, QTcpSocket *) override { }
#else
    bool handleRequest(const QHttpServerRequest &, QHttpServerResponder &responder) override
    {
        if (current)
            current->responder.emplace(std::move(responder));
        return true;
    }
#if QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
    void missingHandler(const QHttpServerRequest &, QHttpServerResponder &&) override { }
#else
    void missingHandler(const QHttpServerRequest &, QHttpServerResponder &) override { }
#endif
#endif
};

QtHttpBridge::QtHttpBridge()
    : m_server(std::make_unique<Server>())
    , m_acceptor(new Acceptor)
{
    m_server->bind(m_acceptor);
}

QtHttpBridge::~QtHttpBridge() = default;

QtHttpBridge::Channel *QtHttpBridge::takeChannel()
{
    auto *channel = new Channel;
    m_acceptor->addPendingConnection(channel);
    return channel;
}

bool QtHttpBridge::begin(quint64 exchange, const RequestHead &head)
{
    std::unique_ptr<Channel> channel;
    if (m_idle.empty()) {
        channel.reset(takeChannel());
    } else {
        channel = std::move(m_idle.back());
        m_idle.pop_back();
    }
    m_server->current = channel.get();
    channel->feed(canonicalRequest(head));
    m_server->current = nullptr;
    if (!channel->responder) {
        channel.release()->deleteLater(); // Qt may have plans for it
        return false;
    }
    m_busy.emplace(exchange, std::move(channel));
    return true;
}

QByteArray QtHttpBridge::answer(quint64 exchange, int status)
{
    const auto found = m_busy.find(exchange);
    if (found == m_busy.end())
        return {};
    std::unique_ptr<Channel> channel = std::move(found->second);
    m_busy.erase(found);
    channel->responder->write(QByteArray(), QByteArray("text/plain"),
                              QHttpServerResponder::StatusCode(status));
    channel->responder.reset();
    const QByteArray written = channel->takeWritten();
    if (!channel->isFinished() && channel->bytesAvailable() == 0 && m_idle.size() < kIdleChannels)
        m_idle.push_back(std::move(channel));
    else
        channel.release()->deleteLater();
    return written.left(written.indexOf('\n') + 1);
}

} // namespace Rollcall

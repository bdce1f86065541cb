// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "edgefixture.h"

using namespace Rollcall;
using namespace std::chrono_literals;

namespace {

/// Adopts everybody and keeps what they say.
class Endpoint final : public UpgradeEndpoint, public TransportHandler
{
public:
    UpgradeDecision decision;
    UpgradeRequest request;
    std::unique_ptr<Transport> transport;
    QByteArray bytes;
    std::optional<TransportEnd> end;

    UpgradeDecision decide(const UpgradeRequest &) override { return decision; }
    void adopt(std::unique_ptr<Transport> adopted, const UpgradeRequest &of) override
    {
        transport = std::move(adopted);
        request = of;
        transport->setHandler(this);
    }
    size_t handleBytes(std::span<char> arrived) override
    {
        bytes.append(arrived.data(), qsizetype(arrived.size()));
        return arrived.size();
    }
    void handleDrained() override { }
    void handleEnd(TransportEnd how) override
    {
        end = how;
        transport.reset();
    }
};

QByteArray handshake(const QByteArray &path, const QByteArray &more = {})
{
    return "GET " + path
        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, "
          "Upgrade\r\n"
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + more + "\r\n";
}

} // namespace

class tst_EdgeWebSocket : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theEndpointGetsATransportAndTheBytesBehindTheRequest()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        client.send(handshake("/ws/?token=x") + "first");
        const QByteArray answer = client.readAnswer();
        QCOMPARE(
            answer,
            QByteArray(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"));
        QTRY_COMPARE(endpoint.bytes, QByteArray("first"));
        QCOMPARE(endpoint.request.path, QByteArray("/ws/"));
        QCOMPARE(endpoint.request.query.queryItemValue("token"), QString("x"));
        endpoint.transport->write(QByteArray("frame"));
        QTRY_COMPARE(client.arrived(), QByteArray("frame"));
        client.socket.disconnectFromHost();
        QTRY_VERIFY(endpoint.end);
        QCOMPARE(*endpoint.end, TransportEnd::Closed);
    }
};

QTEST_GUILESS_MAIN(tst_EdgeWebSocket)
#include "tst_edgewebsocket.moc"

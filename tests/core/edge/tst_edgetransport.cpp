// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "edgeendpoint.h"
#include "edgefixture.h"

#include <vector>

using namespace Rollcall;
using namespace std::chrono_literals;

/// A transport's ways to send, on a real socket; the rest of its life is in tst_edgewebsocket.
class tst_EdgeTransport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void piecesGoOutAtOnceBehindWhatWasWritten()
    {
        EdgeFixture fixture;
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        client.ask(handshake("/ws"));
        QTRY_VERIFY(endpoint.transport);
        const double before = fixture.value("rollcall_edge_sent_bytes_total");
        const std::vector<std::span<const char>> few{QByteArrayView("b"), QByteArrayView("cd")};
        endpoint.transport->sendNow(few);
        QCOMPARE(fixture.value("rollcall_edge_sent_bytes_total") - before, 3.0);
        endpoint.transport->write(QByteArray("e"));
        QCOMPARE(endpoint.transport->bytesPending(), size_t(1));
        endpoint.transport->sendNow(few);
        QCOMPARE(endpoint.transport->bytesPending(), size_t(0));
        endpoint.transport->write(QByteArray("f"));
        endpoint.transport->flush();
        QCOMPARE(fixture.value("rollcall_edge_sent_bytes_total") - before, 8.0);
        endpoint.transport->write(QByteArray("-"));
        const std::vector<std::span<const char>> many(100, QByteArrayView("g"));
        endpoint.transport->sendNow(many);
        QVERIFY(!endpoint.transport->isWaiting());
        endpoint.transport->close(1s);
        endpoint.transport->sendNow(few);
        QTRY_COMPARE(client.arrived(), "bcdebcdf-" + QByteArray(100, 'g'));
        QCOMPARE(endpoint.drained, 0);
    }

    void whatTheKernelDoesNotTakeOfPiecesWaits_data()
    {
        QTest::addColumn<bool>("hasWritten");
        QTest::newRow("pieces alone") << false;
        QTest::newRow("behind the out-buffer") << true;
    }
    void whatTheKernelDoesNotTakeOfPiecesWaits()
    {
        QFETCH(bool, hasWritten);
        EdgeFixture fixture;
        Endpoint endpoint;
        fixture.edge->upgrades()->addEndpoint("/ws", &endpoint);
        RawClient client(fixture.port());
        client.ask(handshake("/ws"));
        QTRY_VERIFY(endpoint.transport);
        client.socket.setReadBufferSize(1);
        QByteArray all;
        const auto send = [&](int pieces) {
            QByteArrayList bytes;
            std::vector<std::span<const char>> spans;
            for (int i = 0; i < pieces; ++i) {
                bytes += QByteArray(700'000 + i, char('a' + (all.size() + i) % 26));
                spans.emplace_back(bytes.back());
            }
            all += bytes.join();
            endpoint.transport->sendNow(spans);
        };
        const auto write = [&](const QByteArray &bytes) {
            all += bytes;
            endpoint.transport->write(bytes);
        };
        if (hasWritten)
            write(QByteArray(900'000, '-'));
        send(20);
        QVERIFY(endpoint.transport->isWaiting());
        QVERIFY(endpoint.transport->bytesPending() > 0);
        QCOMPARE(fixture.value("rollcall_edge_buffered_bytes"),
                 double(endpoint.transport->bytesPending()));
        write("+");
        send(2);
        endpoint.transport->flush();
        client.socket.setReadBufferSize(0);
        QTRY_COMPARE(client.arrived().size(), all.size());
        QVERIFY(client.arrived() == all);
        QTRY_COMPARE(endpoint.drained, 1);
        QVERIFY(!endpoint.transport->isWaiting());
        QCOMPARE(fixture.value("rollcall_edge_buffered_bytes"), 0.0);
    }
};

QTEST_GUILESS_MAIN(tst_EdgeTransport)
#include "tst_edgetransport.moc"

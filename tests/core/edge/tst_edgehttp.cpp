// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "edgefixture.h"

using namespace Rollcall;
using namespace std::chrono_literals;

class tst_EdgeHttp : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aGetIsAnsweredAndTheConnectionStays()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        for (int i = 0; i < 2; ++i) {
            const QByteArray answer = client.ask("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
            QVERIFY2(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
            QVERIFY(answer.endsWith("\r\n\r\nhello"));
            QVERIFY(answer.contains("Content-Length: 5\r\n"));
            QVERIFY(!answer.contains("Connection:"));
        }
    }
};

QTEST_GUILESS_MAIN(tst_EdgeHttp)
#include "tst_edgehttp.moc"

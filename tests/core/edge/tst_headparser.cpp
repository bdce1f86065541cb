// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/headparser.h"

#include <QRandomGenerator>
#include <QTest>

using namespace Rollcall;

namespace {

std::span<const char> span(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

/// Status of what the parser says about complete bytes; 0: fine, -1: wants more.
int statusOf(const QByteArray &bytes, RequestHead *parsed = nullptr, const HttpLimits &limits = {})
{
    const HeadScan scan = scanHead(span(bytes), {});
    HeadError error = checkScan(span(bytes), scan, limits);
    if (error.status == 0 && scan.state == HeadScan::State::Incomplete)
        return -1;
    RequestHead head;
    if (error.status == 0)
        error = parseHead(span(bytes).first(scan.end), limits, head);
    if (parsed)
        *parsed = head;
    return error.status;
}

} // namespace

class tst_HeadParser : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void verdicts_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        const QByteArray host = "Host: a\r\n";
        const auto row = [](const char *name, const QByteArray &bytes, int status) {
            QTest::newRow(name) << bytes << status;
        };
        row("get", "GET / HTTP/1.1\r\n" + host + "\r\n", 0);
        row("1.0 without host", "GET / HTTP/1.0\r\n\r\n", 0);
        row("leading empty line", "\r\nGET / HTTP/1.1\r\n" + host + "\r\n", 0);
        row("two leading empty lines", "\r\n\r\nGET / HTTP/1.1\r\n" + host + "\r\n", 400);
        row("options star", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", 0);
        row("get star", "GET * HTTP/1.1\r\n" + host + "\r\n", 400);
        row("absolute target", "GET http://b:81/x?y HTTP/1.1\r\n" + host + "\r\n", 0);
        row("absolute target of another scheme", "GET ftp://b/ HTTP/1.1\r\n" + host + "\r\n", 400);
        row("absolute target without authority", "GET http:///x HTTP/1.1\r\n" + host + "\r\n", 400);
        row("user in authority", "GET http://u@b/ HTTP/1.1\r\n" + host + "\r\n", 400);
        row("target without slash", "GET x HTTP/1.1\r\n" + host + "\r\n", 400);
        row("incomplete", "GET / HTTP/1.1\r\nHost: a\r\n", -1);
        row("incomplete line", "GET / HT", -1);
        row("nothing", "", -1);

        row("bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400);
        row("bare LF in a header", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400);
        row("bare CR", "GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n", 400);
        row("CR CR LF", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400);
        row("NUL", QByteArray("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n", 30), 400);
        row("control in value", "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", 400);
        row("TLS", QByteArray("\x16\x03\x01\x02\x00\x01\x00", 7), 400);
        row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);

        row("no version", "GET /\r\n" + host + "\r\n", 400);
        row("lower case version", "GET / http/1.1\r\n" + host + "\r\n", 400);
        row("version 2", "GET / HTTP/2.0\r\n" + host + "\r\n", 505);
        row("version 1.2", "GET / HTTP/1.2\r\n" + host + "\r\n", 0);
        row("version 1.10", "GET / HTTP/1.10\r\n" + host + "\r\n", 400);
        row("two blanks", "GET  / HTTP/1.1\r\n" + host + "\r\n", 400);
        row("trailing blank", "GET / HTTP/1.1 \r\n" + host + "\r\n", 400);
        row("blank in target", "GET /a b HTTP/1.1\r\n" + host + "\r\n", 400);
        row("tab as blank", "GET\t/ HTTP/1.1\r\n" + host + "\r\n", 400);
        row("method with a slash", "G/T / HTTP/1.1\r\n" + host + "\r\n", 400);
        row("long method", QByteArray(17, 'A') + " / HTTP/1.1\r\n" + host + "\r\n", 400);
        row("fragment", "GET /a#b HTTP/1.1\r\n" + host + "\r\n", 400);
        row("umlaut in target", "GET /\xc3\xa4 HTTP/1.1\r\n" + host + "\r\n", 400);
        row("backslash", "GET /a\\b HTTP/1.1\r\n" + host + "\r\n", 400);
        row("broken escape", "GET /%2 HTTP/1.1\r\n" + host + "\r\n", 400);
        row("wrong escape", "GET /%zz HTTP/1.1\r\n" + host + "\r\n", 400);
        row("escaped slash", "GET /%2Fa HTTP/1.1\r\n" + host + "\r\n", 0);

        row("no host", "GET / HTTP/1.1\r\n\r\n", 400);
        row("two hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400);
        row("empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 0);
        row("host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400);
        row("host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400);

        row("folded", "GET / HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n", 400);
        row("folded first header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400);
        row("blank before colon", "GET / HTTP/1.1\r\n" + host + "Content-Length : 1\r\n\r\n", 400);
        row("no colon", "GET / HTTP/1.1\r\n" + host + "nonsense\r\n\r\n", 400);
        row("empty name", "GET / HTTP/1.1\r\n" + host + ": x\r\n\r\n", 400);
        row("blank in name", "GET / HTTP/1.1\r\n" + host + "X Y: x\r\n\r\n", 400);
        row("UTF-8 value", "GET / HTTP/1.1\r\n" + host + "X: \xc3\xa4\r\n\r\n", 0);

        const QByteArray post = "POST / HTTP/1.1\r\n" + host;
        row("length", post + "Content-Length: 5\r\n\r\n", 0);
        row("length zero", post + "Content-Length: 0\r\n\r\n", 0);
        row("two lengths", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", 400);
        row("list of lengths", post + "Content-Length: 5, 5\r\n\r\n", 400);
        row("signed length", post + "Content-Length: +5\r\n\r\n", 400);
        row("negative length", post + "Content-Length: -5\r\n\r\n", 400);
        row("hex length", post + "Content-Length: 0x5\r\n\r\n", 400);
        row("empty length", post + "Content-Length:\r\n\r\n", 400);
        row("length above the limit", post + "Content-Length: 1048577\r\n\r\n", 413);
        row("length at the limit", post + "Content-Length: 1048576\r\n\r\n", 0);
        row("huge length", post + "Content-Length: 99999999999999999999\r\n\r\n", 413);
        row("chunked", post + "Transfer-Encoding: chunked\r\n\r\n", 0);
        row("Chunked", post + "Transfer-Encoding: Chunked\r\n\r\n", 0);
        row("chunked and length", post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
            400);
        row("gzip, chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501);
        row("xchunked", post + "Transfer-Encoding: xchunked\r\n\r\n", 501);
        row("vertical tab before chunked",
            post
                + "Transfer-Encoding: \x0b"
                  "chunked\r\n\r\n",
            400);
        row("two transfer codings",
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 501);
        row("chunked in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
        row("expectation", post + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n", 0);
        row("other expectation", post + "Expect: tea\r\nContent-Length: 5\r\n\r\n", 417);

        row("target too long", "GET /" + QByteArray(8192, 'a') + " HTTP/1.1\r\n" + host + "\r\n",
            414);
        row("target at the limit",
            "GET /" + QByteArray(8191, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 0);
        row("endless target", "GET /" + QByteArray(20000, 'a'), 414);
        row("endless word", QByteArray(20000, 'a'), 414);
        row("endless headers", "GET / HTTP/1.1\r\n" + host + "X: " + QByteArray(20000, 'a'), 431);
        row("headers too large",
            "GET / HTTP/1.1\r\n" + host + "X: " + QByteArray(16384, 'a') + "\r\n\r\n", 431);
        row("too many headers",
            "GET / HTTP/1.1\r\n" + host + QByteArray("X: y\r\n").repeated(100) + "\r\n", 431);
        row("many headers",
            "GET / HTTP/1.1\r\n" + host + QByteArray("X: y\r\n").repeated(99) + "\r\n", 0);
    }
    void verdicts()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        QCOMPARE(statusOf(bytes), status);
        // However it is cut, the verdict is the same, and never later than with all bytes there.
        HeadScan scan;
        for (qsizetype i = 1; i <= bytes.size() && bytes.size() < 200; ++i) {
            scan = scanHead(span(bytes).first(size_t(i)), scan);
            if (scan.state != HeadScan::State::Incomplete
                || checkScan(span(bytes).first(size_t(i)), scan, {}).status)
                break;
        }
        if (bytes.size() < 200 && status == 0) {
            QCOMPARE(scan.state, HeadScan::State::Complete);
            QCOMPARE(scan.end, size_t(bytes.size()));
        }
    }

    void partsOfTheTarget()
    {
        RequestHead head;
        QCOMPARE(statusOf("GET http://b:81/x%2Fy?q=1?2 HTTP/1.1\r\nHost: a\r\n\r\n", &head), 0);
        QCOMPARE(head.path, QByteArray("/x%2Fy"));
        QCOMPARE(head.queryText, QByteArray("q=1?2"));
        QCOMPARE(head.authority, QByteArray("b:81"));
        QCOMPARE(statusOf("GET http://b?q HTTP/1.1\r\nHost: a\r\n\r\n", &head), 0);
        QCOMPARE(head.path, QByteArray("/"));
        QCOMPARE(head.queryText, QByteArray("q"));
    }

    void valuesAreTrimmedAndNamesFoundInAnyCase()
    {
        RequestHead head;
        QCOMPARE(statusOf("GET / HTTP/1.1\r\nhOST: \t a:1 \t\r\nX:\r\nX-Y: b c\r\n\r\n", &head), 0);
        QCOMPARE(head.header("Host"), QByteArray("a:1"));
        QCOMPARE(head.header("x-y"), QByteArray("b c"));
        QCOMPARE(head.header("x-z"), QByteArray());
        QCOMPARE(head.count("x"), 1);
    }

    void persistence_data()
    {
        QTest::addColumn<QByteArray>("version");
        QTest::addColumn<QByteArray>("connection");
        QTest::addColumn<bool>("keepAlive");
        QTest::newRow("1.1") << QByteArray("HTTP/1.1") << QByteArray("x") << true;
        QTest::newRow("1.1 close") << QByteArray("HTTP/1.1") << QByteArray("x, Close") << false;
        QTest::newRow("1.0") << QByteArray("HTTP/1.0") << QByteArray("x") << false;
        QTest::newRow("1.0 keep-alive")
            << QByteArray("HTTP/1.0") << QByteArray("Keep-Alive") << true;
    }
    void persistence()
    {
        QFETCH(QByteArray, version);
        QFETCH(QByteArray, connection);
        QFETCH(bool, keepAlive);
        RequestHead head;
        QCOMPARE(
            statusOf("GET / " + version + "\r\nHost: a\r\nConnection: " + connection + "\r\n\r\n",
                     &head),
            0);
        QCOMPARE(head.keepAlive, keepAlive);
    }

    void aHandshakeIsRecognised()
    {
        RequestHead head;
        const QByteArray begin = "GET / HTTP/1.1\r\nHost: a\r\n";
        QCOMPARE(statusOf(begin + "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n\r\n",
                          &head),
                 0);
        QVERIFY(head.isUpgrade);
        QCOMPARE(statusOf(begin + "Upgrade: websocket\r\n\r\n", &head), 0);
        QVERIFY(!head.isUpgrade);
        QCOMPARE(statusOf(begin + "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n", &head), 0);
        QVERIFY(!head.isUpgrade);
    }

    void mutatedRequestsKeepWhatTheParserPromises()
    {
        const QByteArray seeds[] = {
            "GET /rooms/%2Fa?x=1 HTTP/1.1\r\nHost: a:80\r\nConnection: Upgrade\r\nUpgrade: "
            "websocket\r\n\r\n",
            "POST http://b/x HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nExpect: "
            "100-continue\r\n\r\n",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"};
        const QByteArray special = "\r\n\t :;,%?#/\\*0+-aZ\x7f\xff";
        QRandomGenerator random(4711);
        int accepted = 0;
        for (int i = 0; i < 30000; ++i) {
            QByteArray bytes = seeds[random.bounded(3)];
            for (int edits = random.bounded(1, 4); edits > 0; --edits) {
                const int at = random.bounded(int(bytes.size()));
                const char c = special[random.bounded(int(special.size()))];
                const int kind = random.bounded(3);
                kind == 0       ? bytes.insert(at, c)
                    : kind == 1 ? bytes.remove(at, 1)
                                : bytes.replace(at, 1, &c, 1);
            }
            RequestHead head;
            if (statusOf(bytes, &head) != 0)
                continue;
            ++accepted;
            QVERIFY(head.path.startsWith('/') || (head.path == "*" && head.method == "OPTIONS"));
            QVERIFY(head.count("host") == 1 || (head.minorVersion == 0 && head.count("host") == 0));
            QVERIFY(head.count("content-length") + head.count("transfer-encoding") <= 1);
            QCOMPARE(head.body == RequestHead::Body::Chunked, head.count("transfer-encoding") == 1);
            QVERIFY(head.contentLength >= 0 && head.contentLength <= HttpLimits().maxBodyBytes);
            for (const auto &[name, value] : head.headers) {
                QVERIFY(!name.isEmpty() && !name.contains(' ') && !name.contains(':'));
                QVERIFY(!value.contains('\r') && !value.contains('\n') && !value.startsWith(' '));
            }
        }
        QVERIFY2(accepted > 1000, qPrintable(QString::number(accepted)));
    }

    void aHeadThatComesByteByByteIsScannedOnce()
    {
        const QByteArray bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\nrest";
        HeadScan scan;
        for (qsizetype i = 1; scan.state == HeadScan::State::Incomplete; ++i) {
            scan = scanHead(span(bytes).first(size_t(i)), scan);
            QVERIFY(scan.scanned == size_t(i));
        }
        QCOMPARE(scan.end, size_t(bytes.size() - 4));
    }
};

QTEST_GUILESS_MAIN(tst_HeadParser)
#include "tst_headparser.moc"
